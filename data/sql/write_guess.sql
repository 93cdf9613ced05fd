-- What one source did with one account: a guess that is let through, or the moment from which one is.
INSERT INTO login_guess (account, source, failures, last_at, open_at)
VALUES (:account, :source, :failures, :now, :open_at)
ON CONFLICT (account, source) DO UPDATE
   SET failures = excluded.failures, last_at = excluded.last_at, open_at = excluded.open_at
