-- the cases of a year with their place (that of the lowest area where the case has none) and local day
SELECT c.case_no, c.category, coalesce(c.lon, a.lon) AS lon, coalesce(c.lat, a.lat) AS lat,
       (CAST(c.reported_at AT TIME ZONE :zone AS date) - DATE '1970-01-01') AS day
  FROM cases c JOIN area a ON a.id = c.area_id
 WHERE c.prefecture = :prefecture AND c.reported_at > :since AND c.reported_at <= :now AND (c.lon IS NOT NULL OR a.leaf)
   AND (c.status NOT IN ('rejected', 'merged') OR c.closed_at > :now)
 ORDER BY c.case_no
