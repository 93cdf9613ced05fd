-- a second request with the key waits here until the first has committed or rolled back
INSERT INTO idempotency (prefecture, user_id, key, request_hash, created_at)
VALUES (:prefecture, :user, :key, :hash, :now) ON CONFLICT DO NOTHING
