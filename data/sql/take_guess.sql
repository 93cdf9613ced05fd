-- Locks the count of an account, made where there is none, so that guesses side by side are counted one after the other.
INSERT INTO login_guess AS g (account, source, failures, last_at, open_at)
VALUES (:account, ''::bytea, 0, :now, :now)
ON CONFLICT (account, source) DO UPDATE
   SET failures = CASE WHEN g.last_at < :forgotten THEN 0 ELSE g.failures END
RETURNING failures
