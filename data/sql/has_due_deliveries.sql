-- before the route's turn is taken: a probe needs a message
SELECT EXISTS (SELECT 1 FROM delivery WHERE route = :route AND state = 'waiting' AND next_try_at <= :now
                  AND (leased_until IS NULL OR leased_until <= :now))
