-- the cases of list_span_gaps.sql
DELETE FROM span_gap
 WHERE (prefecture, case_no) IN (SELECT prefecture, case_no FROM span_gap ORDER BY prefecture, case_no LIMIT :limit)
