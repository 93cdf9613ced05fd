-- the deepest first, so that the first that covers a point is its area
SELECT id, code, name, names, path, depth, leaf, prefecture, lon, lat, ST_AsBinary(geom) AS geom
  FROM area
 ORDER BY depth DESC, area_km2, code
