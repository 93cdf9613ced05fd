-- one that an import made something else of is its area's centre again
UPDATE organisation o SET kind = 'centre', area_id = a.id, path = a.path
  FROM area a JOIN area_level l ON l.code = a.level
 WHERE l.has_centre AND o.code = :prefix || a.code AND o.kind <> 'centre'
   AND NOT EXISTS (SELECT 1 FROM organisation c WHERE c.area_id = a.id AND c.kind = 'centre')
