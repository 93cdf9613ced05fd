-- row level security leaves out what lies above the viewer's own area
SELECT up.code, coalesce(up.names ->> :locale, up.name) AS name, up.short_name, up.level
  FROM area a JOIN area up ON up.id = ANY (a.ancestor_ids)
 WHERE a.code = :code
 ORDER BY up.depth
