-- due at once, also where the clock of the deployment stands still in a year to come
UPDATE delivery SET state = 'waiting', attempts = 0, next_try_at = LEAST(:now, now()), leased_until = NULL
 WHERE state = 'dead' AND (CAST(:id AS bigint) IS NULL OR id = :id)
