-- the areas under the one that holds the way (or itself, where there are none), as far as the viewer sees them, cut out
-- around the way; squeezed so that a degree is as wide as high
WITH box AS (SELECT ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS geom)
SELECT ST_AsSVG(ST_Scale(ST_ClipByBox2D(ST_Simplify(a.geom, 0.0003, true), box.geom), :squeeze, 1), 0, 4)
  FROM area a, box
 WHERE a.path >= :path AND a.path < :hi AND a.geom && box.geom
   AND (a.depth = :depth OR (a.leaf AND a.depth = :depth - 1))
 LIMIT 300
