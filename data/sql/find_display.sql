-- through a function, as find_session.sql
SELECT * FROM display_of(:token)
