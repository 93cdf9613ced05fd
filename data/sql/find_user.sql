-- through a function: the application reads the password's hash of the account that is named, and of no other
SELECT * FROM account_named(:username)
