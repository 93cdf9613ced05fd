-- a centre of the area it is made for
INSERT INTO organisation (prefecture, code, name, names, kind, area_id, path, lon, lat, post)
VALUES (:prefecture, :code, :name, :names, 'centre', :id, :path, :lon, :lat, :post)
