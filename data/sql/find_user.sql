-- through a function: the application reads the password's hash of the one that is named, and of nobody else
SELECT * FROM account_named(:username)
