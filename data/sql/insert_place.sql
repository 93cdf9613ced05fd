-- a place of a file is never an invented one
INSERT INTO key_place (code, prefecture, name, names, category, area_id, path, lon, lat, geom, synthetic)
VALUES (:code, :prefecture, :name, :names, :category, :area_id, :path, :lon, :lat,
        ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), false)
