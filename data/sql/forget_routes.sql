-- configured nowhere for long, and nothing waits for it
DELETE FROM message_route r WHERE seen_at < :before
   AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.route = r.name AND d.state = 'waiting')
