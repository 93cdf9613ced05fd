-- from the root down
SELECT code, coalesce(names ->> :locale, code) AS name, depth, has_centre, boundary_version
  FROM area_level
 ORDER BY depth
