-- whether nothing lies below may be another after an import
UPDATE area a SET leaf = x.leaf
  FROM (SELECT p.id, NOT EXISTS (SELECT 1 FROM area c WHERE c.parent_id = p.id) AS leaf FROM area p) x
 WHERE x.id = a.id AND x.leaf <> a.leaf
