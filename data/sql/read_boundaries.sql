-- what open pages compare with what they drew
SELECT coalesce((SELECT (value #>> '{}')::bigint FROM deployment WHERE key = 'areas_revision'), 0) AS revision,
       coalesce(json_object_agg(code, boundary_version ORDER BY depth), '{}') AS levels
  FROM area_level
