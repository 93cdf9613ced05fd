-- cases settled in a period; good: never returned, transferred or reopened. The way of one that came settled is not known
SELECT c.case_no, c.path, c.holder_id AS body, c.settled_at AS at, NULL::float8 AS days,
       NOT EXISTS (SELECT 1 FROM case_event e WHERE e.prefecture = c.prefecture AND e.case_no = c.case_no
                      AND e.act IN ('return', 'transfer', 'reopen')) AS good
  FROM cases c
 WHERE c.prefecture = :prefecture AND c.path >= :lo AND c.path < :hi AND c.settled_at >= :metric_from AND c.settled_at < :metric_to
   AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.prefecture = c.prefecture AND e.case_no = c.case_no AND e.act = 'settle'
                      AND (e.details ->> 'imported')::bool)
