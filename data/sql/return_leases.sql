-- not tried after all
UPDATE delivery SET leased_until = NULL, attempts = attempts - 1
 WHERE id = ANY (CAST(:ids AS bigint[])) AND state = 'waiting' AND leased_until = :lease
