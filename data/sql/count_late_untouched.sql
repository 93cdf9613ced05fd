-- cases without an act since a moment: overdue then if their deadline had passed, as it stands in their row
SELECT c.area_id AS area, count(*)::int AS number
  FROM cases c
 WHERE c.prefecture = :prefecture AND is_open(c.status) AND c.due_at < :at AND c.reported_at < :at
   AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.prefecture = c.prefecture AND e.case_no = c.case_no AND e.at >= :at)
 GROUP BY 1
