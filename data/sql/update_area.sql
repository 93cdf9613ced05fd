-- what a file may change of an area that is known; its place in the tree is another statement
UPDATE area
   SET name = :name, short_name = :short_name, names = :names, geom = ST_GeomFromEWKB(decode(:geom, 'hex')),
    lon = :lon, lat = :lat, bbox = :bbox, area_km2 = :area_km2, households = :households, synthetic = :synthetic
 WHERE code = :code
