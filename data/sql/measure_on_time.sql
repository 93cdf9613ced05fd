-- cases settled in a period that had a deadline for it; good: not after it
SELECT c.case_no, c.path, c.holder_id AS body, c.settled_at AS at, NULL::float8 AS days, c.settled_at <= c.settle_due_at AS good
  FROM cases c
 WHERE c.prefecture = :prefecture AND c.path >= :lo AND c.path < :hi AND c.settled_at >= :metric_from AND c.settled_at < :metric_to
   AND c.settle_due_at IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.prefecture = c.prefecture AND e.case_no = c.case_no AND e.act = 'settle'
                      AND e.at = c.settled_at AND (e.details ->> 'time_unknown')::bool)
