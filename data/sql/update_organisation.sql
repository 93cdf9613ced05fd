-- all that a file says of an organisation
UPDATE organisation
   SET code = :code, name = :name, names = :names, kind = :kind, area_id = :area_id, path = :path, prefecture = :prefecture,
       lon = :lon, lat = :lat, capacity = :capacity, active = :active, post = :post
 WHERE id = :id
