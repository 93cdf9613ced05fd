-- those whose area covers this one, and those that lie in it
SELECT o.id FROM organisation o
 WHERE o.prefecture = :prefecture AND o.active AND o.kind <> 'centre'
   AND (o.path = ANY (CAST(:paths AS text[])) OR (o.path >= :lo AND o.path < :hi))
   AND (CAST(:category AS text) IS NULL OR EXISTS (SELECT 1 FROM duty d WHERE d.organisation_id = o.id AND d.category = :category))
 ORDER BY o.id
 LIMIT 500
