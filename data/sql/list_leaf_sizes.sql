-- what makes leaves alike: how many households on how much land
SELECT a.id, a.households, a.area_km2 FROM area a JOIN tier t ON t.area_id = a.id
 WHERE a.leaf AND a.path >= :lo AND a.path < :hi AND a.area_km2 > 0 ORDER BY a.id
