-- open cases of an area that the viewer may see, by how long they have stood where they stand
SELECT c.case_no, c.title, c.status, c.status_since AS since, c.due_at, o.id AS holder_id, coalesce(o.names ->> :locale, o.name) AS holder_name
  FROM cases c JOIN organisation o ON o.id = c.holder_id
 WHERE c.prefecture = :prefecture AND c.path >= :lo AND c.path < :hi AND is_open(c.status)
 ORDER BY c.status_since, c.case_no LIMIT :limit
