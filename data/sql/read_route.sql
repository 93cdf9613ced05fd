-- whether messages may leave on it now
SELECT state, probe_at FROM message_route WHERE name = :name
