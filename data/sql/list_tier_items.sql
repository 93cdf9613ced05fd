-- the cases behind a leaf's factors that the viewer may see, with what is left of each, largest first
SELECT f.factor, c.case_no, (c.settled_at IS NULL OR c.settled_at > :at) AS open,
       share_left(CAST(:at AS timestamptz) - c.reported_at, f.half_life_days, CASE WHEN c.settled_at <= :at THEN f.settled_share ELSE 1 END) AS millionths,
       extract(epoch FROM CAST(:at AS timestamptz) - c.reported_at)::float8 / 86400 AS age_days
  FROM cases c JOIN category k ON k.code = c.category
  JOIN tier_factors(CAST(:rule AS jsonb)) f ON counts_case(f.sources, c.kind, c.category, c.source, c.severity, k.three_class)
 WHERE c.prefecture = :prefecture AND c.area_id = :area AND c.reported_at <= :at AND (c.status NOT IN ('rejected', 'merged') OR c.closed_at > :at)
 ORDER BY f.factor, millionths DESC, c.case_no
