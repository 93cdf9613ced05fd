-- the leaves of an area whose tier is another than a quarter before, with both contributions: those that rose first
SELECT a.code, coalesce(a.names ->> :locale, a.name) AS name, b.tier AS "from", t.tier AS "to", t.score, t.since AS at,
       t.contributions, b.contributions AS before, t.override_tier IS NOT NULL AS overridden,
       count(*) FILTER (WHERE b.rank < array_position(ARRAY['normal', 'watch', 'key'], t.tier)) OVER () AS raised, count(*) OVER () AS total
  FROM tier t
  JOIN LATERAL (SELECT h.tier, h.contributions, array_position(ARRAY['normal', 'watch', 'key'], h.tier) AS rank FROM tier_history h
                 WHERE h.area_id = t.area_id AND h.evaluated_at <= CAST(:at AS timestamptz) - interval '3 months'
                 ORDER BY h.evaluated_at DESC, h.id DESC LIMIT 1) b ON b.tier <> t.tier
  JOIN area a ON a.id = t.area_id
 WHERE t.path >= :lo AND t.path < :hi
 ORDER BY b.rank - array_position(ARRAY['normal', 'watch', 'key'], t.tier), t.score DESC, a.code LIMIT :limit
