-- the key places behind a leaf's factors
SELECT f.factor, p.code, coalesce(p.names ->> :locale, p.name) AS name, p.lon, p.lat
  FROM key_place p JOIN tier_factors(CAST(:rule AS jsonb)) f ON counts_place(f.sources, p.category)
 WHERE p.area_id = :area
 ORDER BY f.factor, p.code
