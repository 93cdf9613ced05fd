UPDATE delivery SET state = 'waiting', attempts = 0, next_try_at = :now, leased_until = NULL
 WHERE state = 'dead' AND (CAST(:id AS bigint) IS NULL OR id = :id)
