-- what each factor adds to the scores of an area's leaves, now and a quarter before; of leaves that had a score then
WITH leaf AS MATERIALIZED (
    SELECT t.contributions AS now, b.contributions AS before
      FROM tier t
      JOIN LATERAL (SELECT h.contributions FROM tier_history h
                     WHERE h.area_id = t.area_id AND h.evaluated_at <= CAST(:at AS timestamptz) - interval '3 months'
                     ORDER BY h.evaluated_at DESC, h.id DESC LIMIT 1) b ON true
     WHERE t.path >= :lo AND t.path < :hi)
SELECT f.factor, round(CAST(sum(f.now) AS numeric), 2)::float8 AS contribution, round(CAST(sum(f.before) AS numeric), 2)::float8 AS before
  FROM (SELECT n.key AS factor, n.value::float8 AS now, 0 AS before FROM leaf, json_each_text(leaf.now) n
        UNION ALL
        SELECT p.key, 0, p.value::float8 FROM leaf, json_each_text(leaf.before) p) f
 GROUP BY f.factor ORDER BY f.factor
