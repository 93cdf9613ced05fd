-- one process probes; should it die, another does after `until`
UPDATE message_route SET probe_at = :until WHERE name = :name AND state = 'paused' AND probe_at <= :now
