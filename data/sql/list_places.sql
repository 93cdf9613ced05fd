-- key places of an area and below
SELECT code, coalesce(names ->> :locale, name) AS name, category, lon, lat
  FROM key_place WHERE path >= :lo AND path < :hi
   AND (CAST(:factor AS text) IS NULL OR EXISTS (
        SELECT 1 FROM tier_factors((SELECT rule FROM tier_rule ORDER BY version DESC LIMIT 1)) f
         WHERE f.factor = :factor AND counts_place(f.sources, category)))
 ORDER BY code
