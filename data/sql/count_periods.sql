-- cases of some kinds of each leaf of a prefecture by stretches of days from a day on, as known at a moment
SELECT a.id, a.code, a.households, a.area_km2, k.period, coalesce(k.n, 0) AS n, m.area_id IS NOT NULL AS treated
  FROM area a
  LEFT JOIN remediation_area m ON m.area_id = a.id AND m.remediation_id = :id
  LEFT JOIN (
      SELECT c.area_id, (CAST(c.reported_at AT TIME ZONE :zone AS date) - CAST(:first AS date)) / CAST(:days AS int) AS period, count(*) AS n
        FROM cases c
       WHERE c.prefecture = :prefecture AND c.kind = ANY(:kinds) AND c.reported_at >= CAST(:first AS date) AT TIME ZONE :zone
         AND c.reported_at < CAST(:last AS date) AT TIME ZONE :zone AND (c.status NOT IN ('rejected', 'merged') OR c.closed_at > :now)
       GROUP BY 1, 2) k ON k.area_id = a.id
 WHERE a.leaf AND a.prefecture = :prefecture
 ORDER BY a.id
