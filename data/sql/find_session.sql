-- through a function: who has no token finds no session
SELECT * FROM session_of(:token, :now)
