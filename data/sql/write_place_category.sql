-- a known one gets the names of the file
INSERT INTO place_category (code, names, icon)
VALUES (:code, :names, :icon)
ON CONFLICT (code) DO UPDATE SET names = excluded.names, icon = excluded.icon
