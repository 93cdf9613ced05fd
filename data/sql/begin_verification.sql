-- its progress is read from the row by whichever process is asked
INSERT INTO verification (user_id, started_at, beat_at, read, total, failed)
VALUES (:user, :now, :now, 0, 0, false)
RETURNING id
