-- a message is handed on when each of its deliveries is written
UPDATE outbox SET sent_at = :now WHERE prefecture = :prefecture AND id = :id
