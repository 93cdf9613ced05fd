-- every leaf within an area, by path
SELECT a.id, a.code, a.path, a.households, a.residents, a.area_km2, t.tier, t.computed, t.score,
       t.override_tier AS held, extract(epoch FROM t.override_until)::float8 AS held_until
  FROM area a LEFT JOIN tier t ON t.area_id = a.id
 WHERE a.leaf AND a.path >= :lo AND a.path < :hi ORDER BY a.path
