-- due at once, also where the clock of the deployment is fixed in a future year; recipients that refused it are tried again
UPDATE delivery SET state = 'waiting', attempts = 0, unclear = 0, pauses = 0, leased_until = NULL,
       next_try_at = LEAST(:now, now()), queued_at = now(),
       reached = ARRAY(SELECT mark FROM unnest(reached) mark WHERE mark NOT LIKE '-%')
 WHERE state = 'dead' AND (CAST(:id AS bigint) IS NULL OR id = :id)
