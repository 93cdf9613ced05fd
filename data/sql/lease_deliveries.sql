-- what another worker is sending is its; what a dead one left is free when its lease has run out
UPDATE delivery d SET leased_until = :until, attempts = attempts + 1
  FROM (SELECT id FROM delivery WHERE route = :route AND state = 'waiting' AND next_try_at <= :now
           AND (leased_until IS NULL OR leased_until <= :now)
         ORDER BY next_try_at, id LIMIT :limit FOR UPDATE SKIP LOCKED) free
 WHERE d.id = free.id
RETURNING d.id, d.prefecture, d.outbox_id, d.topic, d.case_no, d.organisation_id, d.payload, d.created_at, d.attempts, d.leased_until,
          coalesce((SELECT o.name FROM organisation o WHERE o.id = d.organisation_id), '') AS body
