-- a known one gets the names of the file
INSERT INTO category (code, kind, names, three_class, ord)
VALUES (:code, :kind, :names, :three_class, :ord)
ON CONFLICT (code) DO UPDATE SET names = excluded.names, three_class = excluded.three_class
