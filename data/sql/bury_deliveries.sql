-- a route that is configured nowhere has no sender; the pause lets a change of the configuration reach every process
UPDATE delivery SET state = 'dead', last_error = 'no such route'
 WHERE state = 'waiting' AND route <> ALL (CAST(:routes AS text[])) AND next_try_at < :before
   AND (leased_until IS NULL OR leased_until <= :before)
