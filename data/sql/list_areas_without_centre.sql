-- levels with a centre alone, from the root down
SELECT a.id, a.code, a.name, a.names, a.path, a.prefecture, a.lon, a.lat
  FROM area a
  JOIN area_level l ON l.code = a.level AND l.has_centre
 WHERE NOT EXISTS (SELECT 1 FROM organisation o WHERE o.area_id = a.id AND o.kind = 'centre')
 ORDER BY a.depth, a.code
