-- what is older than the memory of guesses counts no more
SELECT failures, last_at, open_at
  FROM login_guess
 WHERE account = :account AND source = :source AND last_at >= :forgotten
