-- each leaf with the amount of every factor in millionths (share_left in rules/tiers.py), as known at a moment; all leaves, or some
WITH factor AS (SELECT * FROM tier_factors(CAST(:rule AS jsonb))),
-- whether a case counts is the same for all of its kind, category, source and severity: asked once for each
counted AS MATERIALIZED (
    SELECT s.kind, s.category, s.source, s.severity, f.factor, f.half_life_days, f.settled_share
      FROM (SELECT DISTINCT kind, category, source, severity FROM cases
             WHERE CAST(:areas AS int[]) IS NULL OR area_id = ANY(:areas)) s
      JOIN category k ON k.code = s.category
      JOIN factor f ON counts_case(f.sources, s.kind, s.category, s.source, s.severity, k.three_class)),
happened AS (
    SELECT c.area_id, n.factor, sum(share_left(CAST(:now AS timestamptz) - c.reported_at, n.half_life_days, CASE WHEN c.settled_at <= :now THEN n.settled_share ELSE 1 END)) AS millionths
      FROM cases c JOIN counted n ON n.kind = c.kind AND n.category = c.category AND n.source = c.source AND n.severity = c.severity
     WHERE c.reported_at <= :now AND (c.status NOT IN ('rejected', 'merged') OR c.closed_at > :now)
       AND (CAST(:areas AS int[]) IS NULL OR c.area_id = ANY(:areas))
     GROUP BY 1, 2),
placed AS (
    SELECT p.area_id, f.factor, count(*) * 1000000.0 AS millionths
      FROM factor f JOIN key_place p ON counts_place(f.sources, p.category)
     WHERE CAST(:areas AS int[]) IS NULL OR p.area_id = ANY(:areas)
     GROUP BY 1, 2),
entered AS (
    SELECT g.area_id, f.factor, sum(g.value) * 1000000.0 AS millionths
      FROM factor f JOIN area_figure g ON counts_figure(f.sources, g.name)
     WHERE CAST(:areas AS int[]) IS NULL OR g.area_id = ANY(:areas)
     GROUP BY 1, 2),
amounts AS (
    SELECT area_id, json_object_agg(factor, millionths) AS millionths
      FROM (SELECT area_id, factor, sum(millionths) AS millionths
              FROM (SELECT * FROM happened UNION ALL SELECT * FROM placed UNION ALL SELECT * FROM entered) parts GROUP BY 1, 2) whole
     GROUP BY 1)
SELECT a.id, a.code, a.path, a.households, a.residents, a.area_km2, m.millionths, t.tier, t.computed, t.score, t.contributions, t.rule_version,
       t.override_tier, t.override_until
  FROM area a
  LEFT JOIN tier t ON t.area_id = a.id
  LEFT JOIN amounts m ON m.area_id = a.id
 WHERE a.leaf AND (CAST(:areas AS int[]) IS NULL OR a.id = ANY(:areas))
 ORDER BY a.id
