-- a known one gets the names of the file
INSERT INTO area_level (depth, code, names, has_centre)
VALUES (:depth, :code, :names, :has_centre)
ON CONFLICT (depth) DO UPDATE SET names = excluded.names, has_centre = excluded.has_centre
