-- cases settled in a period, with the days from report to settlement; a settlement whose time no file told has none
SELECT c.case_no, c.path, c.holder_id AS body, c.settled_at AS at, true AS good, extract(epoch FROM c.settled_at - c.reported_at)::float8 / 86400 AS days
  FROM cases c
 WHERE c.prefecture = :prefecture AND c.path >= :lo AND c.path < :hi AND c.settled_at >= :metric_from AND c.settled_at < :metric_to
   AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.prefecture = c.prefecture AND e.case_no = c.case_no AND e.act = 'settle'
                      AND e.at = c.settled_at AND (e.details ->> 'time_unknown')::bool)
