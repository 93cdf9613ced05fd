-- all that a file says of a place
UPDATE key_place
   SET name = :name, names = :names, category = :category, area_id = :area_id, path = :path, prefecture = :prefecture,
       lon = :lon, lat = :lat, geom = ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)
 WHERE code = :code
