-- its duties and contacts follow by its id
INSERT INTO organisation (prefecture, code, name, names, kind, area_id, path, lon, lat, capacity, active, post)
VALUES (:prefecture, :code, :name, :names, :kind, :area_id, :path, :lon, :lat, :capacity, :active, :post)
RETURNING id
