-- open cases with a place, in columns for the map
SELECT case_no, lon, lat, kind, severity, status, extract(epoch FROM due_at)::bigint, extract(epoch FROM reported_at)::bigint, version
  FROM cases
 WHERE prefecture = :prefecture AND path >= :lo AND path < :hi AND lon IS NOT NULL
   AND is_open(status)
 ORDER BY case_no
