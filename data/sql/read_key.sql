SELECT request_hash, response FROM idempotency WHERE prefecture = :prefecture AND user_id = :user AND key = :key
