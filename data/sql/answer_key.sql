-- what a repetition of the request is answered with
UPDATE idempotency SET response = CAST(:response AS json) WHERE prefecture = :prefecture AND user_id = :user AND key = :key
