-- every area, parents before children
SELECT a.code, a.name, a.names, a.short_name, ST_AsBinary(a.geom) AS geom, p.code AS parent, a.level, a.depth, a.households,
    a.synthetic
  FROM area a
  LEFT JOIN area p ON p.id = a.parent_id
 ORDER BY a.depth, a.code
