-- what was sent once must not be sent again: messages with `dedupe` stay
WITH gone AS (DELETE FROM delivery WHERE state = 'sent' AND sent_at < :before)
DELETE FROM outbox WHERE sent_at < :before AND dedupe IS NULL
