-- cases reported in a period whose way in is known; good: found before a police call or a suit
SELECT c.case_no, c.path, c.holder_id AS body, c.reported_at AS at, NULL::float8 AS days, c.source = ANY (CAST(:found_by AS text[])) AS good
  FROM cases c
 WHERE c.prefecture = :prefecture AND c.path >= :lo AND c.path < :hi AND c.source <> 'import'
   AND c.reported_at >= :metric_from AND c.reported_at < :metric_to
