-- what another worker is sending is its; what a dead one left is free when its lease has run out
UPDATE delivery d SET leased_until = :until, attempts = attempts + 1
  FROM (SELECT id, next_try_at FROM delivery WHERE route = :route AND state = 'waiting' AND next_try_at <= :now
           AND (leased_until IS NULL OR leased_until <= :now)
         ORDER BY next_try_at, id LIMIT :limit FOR UPDATE SKIP LOCKED) free
 WHERE d.id = free.id
RETURNING d.id, d.prefecture, d.outbox_id, d.topic, d.case_no, d.organisation_id, d.payload, d.created_at, d.attempts, d.leased_until,
          d.reached, d.queued_at, d.next_try_at, d.unclear, d.pauses,
          coalesce((SELECT coalesce(o.names ->> :locale, o.name) FROM organisation o WHERE o.id = d.organisation_id), '') AS body,
          (SELECT c.kind FROM cases c WHERE c.prefecture = d.prefecture AND c.case_no = d.case_no) AS kind,
          (SELECT c.severity FROM cases c WHERE c.prefecture = d.prefecture AND c.case_no = d.case_no) AS severity,
          (SELECT coalesce(a.names ->> :locale, a.name) FROM cases c JOIN area a ON a.id = c.area_id
            WHERE c.prefecture = d.prefecture AND c.case_no = d.case_no) AS area
