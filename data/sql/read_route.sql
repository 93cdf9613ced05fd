SELECT state, probe_at FROM message_route WHERE name = :name
