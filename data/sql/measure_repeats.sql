-- disputes reported in a period; good: it repeats a settled one, whoever may see that one
SELECT c.case_no, c.path, c.holder_id AS body, c.reported_at AS at, NULL::float8 AS days, r.case_no IS NOT NULL AS good
  FROM cases c LEFT JOIN repeat_disputes(:prefecture, :metric_from, :metric_to) r ON r.case_no = c.case_no
 WHERE c.prefecture = :prefecture AND c.path >= :lo AND c.path < :hi AND c.kind = 'dispute'
   AND c.reported_at >= :metric_from AND c.reported_at < :metric_to
