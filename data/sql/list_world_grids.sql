-- every leaf within an area, by id
SELECT a.id, a.code, a.households, a.residents, a.area_km2, t.tier, t.computed, t.score
  FROM area a LEFT JOIN tier t ON t.area_id = a.id
 WHERE a.leaf AND a.path >= :lo AND a.path < :hi ORDER BY a.id
