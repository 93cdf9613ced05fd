-- key places of an area and below
SELECT code, coalesce(names ->> :locale, name) AS name, category, lon, lat
  FROM key_place WHERE path >= :lo AND path < :hi
 ORDER BY code
