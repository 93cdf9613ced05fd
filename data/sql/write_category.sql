-- a known one gets the names of the file
INSERT INTO category (code, kind, names, results, three_class, ord)
VALUES (:code, :kind, :names, :results, :three_class, :ord)
ON CONFLICT (code) DO UPDATE SET names = excluded.names, three_class = excluded.three_class,
    results = CASE WHEN excluded.results::text = '{}' THEN category.results ELSE excluded.results END
