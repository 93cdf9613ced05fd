-- the deepest area of the viewer's at a point, the areas around it, and the key place nearest to it within :reach metres
WITH here AS (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS point)
SELECT a.code AS area, coalesce(a.names ->> :locale, a.name) AS name,
       (SELECT string_agg(coalesce(up.names ->> :locale, up.name), ' › ' ORDER BY up.depth)
          FROM area up WHERE up.id = ANY (a.ancestor_ids) AND up.id <> a.id AND up.code <> :own) AS place,
       near.name AS near, near.distance_m
  FROM here
  LEFT JOIN area a ON a.id = locate(:lon, :lat)
  LEFT JOIN LATERAL (
       SELECT coalesce(p.names ->> :locale, p.name) AS name, ST_Distance(p.geom::geography, here.point::geography) AS distance_m
         FROM key_place p
        -- a box in degrees first, which the index knows; a degree of latitude is never shorter than 110,574 m
        WHERE p.geom && ST_Expand(here.point, :reach / (110574 * greatest(cos(radians(:lat)), 0.01)), :reach / 110574.0)
          AND ST_DWithin(p.geom::geography, here.point::geography, :reach)
        ORDER BY distance_m, p.code LIMIT 1) near ON true
