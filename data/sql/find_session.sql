-- through a function that needs nobody's eyes: who has no token finds no session
SELECT * FROM session_of(:token, :now)
