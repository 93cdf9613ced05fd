UPDATE outbox SET sent_at = :now WHERE prefecture = :prefecture AND id = :id
