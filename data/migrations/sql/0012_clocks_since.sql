-- What an import wrote of a case's course has no person and no rule; until 0.2.0 nothing else told when it was imported.
-- No clock of ours runs for a step of that course: the deadline that came with the case stands, or there is none.
SET LOCAL gridboard.bulk = 'on';
WITH imported AS (
    SELECT e.prefecture, e.case_no, max(e.at) + interval '1 microsecond' AS since
      FROM case_event e
     WHERE e.role = 'system' AND e.user_id IS NULL AND (e.details ->> 'rule') IS NULL
       AND EXISTS (SELECT 1 FROM case_event r WHERE r.prefecture = e.prefecture AND r.case_no = e.case_no AND r.version = 1
                      AND r.details ->> 'imported' = 'true')
     GROUP BY 1, 2
)
UPDATE cases c SET clocks_since = i.since,
       due_at = CASE WHEN (c.status IN ('reported', 'accepted', 'waiting') AND c.queued_at < i.since)
                       OR (c.status IN ('dispatched', 'signed') AND c.status_since < i.since) OR c.status = 'handling'
                     THEN c.settle_due_at ELSE c.due_at END,
       notify_at = CASE WHEN c.notify_at IS NULL THEN NULL ELSE '-infinity'::timestamptz END
  FROM imported i
 WHERE i.prefecture = c.prefecture AND i.case_no = c.case_no AND c.status NOT IN ('archived', 'rejected', 'merged');
