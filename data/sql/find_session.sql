-- through a function, before there is a viewer: without the token no session is found
SELECT * FROM session_of(:token, :now)
