-- the area that holds the way, and its children as far as the viewer sees them; squeezed so that a degree is as wide as high
SELECT ST_AsSVG(ST_Scale(ST_Simplify(geom, (ST_XMax(geom) - ST_XMin(geom)) / 300, true), :squeeze, 1), 0, 4) FROM area
 WHERE path >= :path AND path < :hi AND depth BETWEEN :depth - 1 AND :depth
 ORDER BY depth DESC LIMIT 200
