-- posts that answer for an area, the nearest first: of the bodies in it and of the centres above; never a person
SELECT coalesce(o.names ->> :locale, o.name) AS organisation, o.kind, coalesce(nullif(o.posts ->> :locale, ''), o.post) AS post, up.level
  FROM area a
  JOIN area up ON up.id = a.id OR up.id = ANY (a.ancestor_ids)
  JOIN organisation o ON o.area_id = up.id AND o.active AND (o.kind = 'centre' OR up.id = a.id)
 WHERE a.id = :area AND coalesce(nullif(o.posts ->> :locale, ''), o.post) <> ''
 ORDER BY up.depth DESC, o.kind, o.id LIMIT :limit
