-- whether a request with this key was made before, and was the same
SELECT request_hash, response FROM idempotency WHERE prefecture = :prefecture AND user_id = :user AND key = :key
