-- another process may be forgetting too: rows that it has locked are left to it
DELETE FROM login_guess
 WHERE (account, source) IN (SELECT account, source FROM login_guess WHERE last_at < :forgotten FOR UPDATE SKIP LOCKED)
