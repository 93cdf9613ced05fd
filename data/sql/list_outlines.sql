-- the areas under the one that holds the route (itself, where there are none) and the case's own, cut to the view and simplified to
-- its pixels; squeezed so that a degree is as wide as high; the name is placed inside the part that is in view
WITH box AS (SELECT ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS geom),
     cut AS (
    SELECT a.id, a.short_name, a.names, a.depth, a.path = :own AS own,
           ST_ClipByBox2D(ST_SimplifyPreserveTopology(a.geom, :pixel), box.geom) AS geom
      FROM area a, box
     WHERE a.path >= :path AND a.path < :hi AND a.geom && box.geom
       AND (a.depth = :depth OR (a.leaf AND a.depth = :depth - 1) OR a.path = :own)
     ORDER BY a.area_km2 DESC LIMIT 300)
SELECT ST_AsSVG(ST_Scale(geom, :squeeze, 1), 0, 5) AS outline, coalesce(names ->> :locale, short_name) AS name, own,
       ST_X(ST_PointOnSurface(geom)) AS lon, ST_Y(ST_PointOnSurface(geom)) AS lat
  FROM cut WHERE NOT ST_IsEmpty(geom) ORDER BY ST_Area(geom) DESC, id
