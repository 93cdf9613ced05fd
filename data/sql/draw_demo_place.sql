-- a grid drawn by its households, a point near its label that lies inside it, and the centre above
WITH weighed AS (
    SELECT a.id, sum(greatest(a.households, 1)) OVER (ORDER BY a.id) AS upto, sum(greatest(a.households, 1)) OVER () AS total
      FROM area a WHERE a.leaf)
SELECT a.name, a.short_name, o.id AS centre_id, o.path AS centre_path, ST_X(p.geom) AS lon, ST_Y(p.geom) AS lat
  FROM (SELECT id FROM weighed WHERE upto >= :draw * total ORDER BY upto LIMIT 1) w
  JOIN area a ON a.id = w.id
  JOIN organisation o ON o.area_id = a.parent_id AND o.kind = 'centre'
  CROSS JOIN LATERAL (SELECT (ST_Dump(ST_GeneratePoints(a.geom, 1))).geom) p
