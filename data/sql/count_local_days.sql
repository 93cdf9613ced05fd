-- cases reported on each local day before today, by child area ('' on the area itself)
SELECT split_part(c.path, '/', :place) AS child, (c.reported_at AT TIME ZONE deployment_timezone())::date AS day, count(*)::int AS n
  FROM cases c
 WHERE c.prefecture = :prefecture AND c.path >= :lo AND c.path < :hi AND c.reported_at >= :first AND c.reported_at < :today
 GROUP BY 1, 2
