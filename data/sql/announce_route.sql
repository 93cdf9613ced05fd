-- only that a route exists: what it is comes from the configuration of the senders
INSERT INTO message_route (name, adapter, since, seen_at) VALUES (:name, :adapter, :now, :now)
ON CONFLICT (name) DO UPDATE SET seen_at = greatest(message_route.seen_at, excluded.seen_at),
       adapter = CASE excluded.adapter WHEN '' THEN message_route.adapter ELSE excluded.adapter END
