-- organisations of an admin's area, for choosing one: by a part of the name, or the beginning of the code
SELECT o.code, coalesce(o.names ->> :locale, o.name) AS name, coalesce(a.names ->> :locale, a.name) AS area
  FROM organisation o JOIN area a ON a.id = o.area_id
 WHERE o.active AND o.path >= :lo AND o.path < :hi
   AND (o.name ILIKE '%' || :q || '%' OR o.names ->> :locale ILIKE '%' || :q || '%' OR o.code ILIKE :q || '%')
 ORDER BY a.depth, o.code LIMIT :limit
