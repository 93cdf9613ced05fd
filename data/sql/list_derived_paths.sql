-- paths that are not those of their area and organisations
SELECT c.prefecture, c.case_no, c.version, array_remove(ARRAY[
         CASE WHEN c.path IS DISTINCT FROM a.path THEN 'path' END, CASE WHEN c.centre_path IS DISTINCT FROM m.path THEN 'centre_path' END,
         CASE WHEN c.holder_path IS DISTINCT FROM h.path THEN 'holder_path' END,
         CASE WHEN c.sender_path IS DISTINCT FROM s.path THEN 'sender_path' END], NULL) AS columns
  FROM cases c
  LEFT JOIN area a ON a.id = c.area_id
  LEFT JOIN organisation m ON m.id = c.centre_id
  LEFT JOIN organisation h ON h.id = c.holder_id
  LEFT JOIN organisation s ON s.id = c.sender_id
 WHERE c.path IS DISTINCT FROM a.path OR c.centre_path IS DISTINCT FROM m.path OR c.holder_path IS DISTINCT FROM h.path
    OR c.sender_path IS DISTINCT FROM s.path
 ORDER BY 1, 2
