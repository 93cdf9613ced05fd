-- a handler counts the cases that row level security shows
SELECT a.code, n.open, n.waiting, n.to_file, n.unlocated, n.overdue
  FROM area a CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE is_open(c.status)) AS open, count(*) FILTER (WHERE c.status = 'waiting') AS waiting,
             count(*) FILTER (WHERE is_to_file(c.status)) AS to_file,
             count(*) FILTER (WHERE is_open(c.status) AND c.area_id = a.id AND NOT a.leaf) AS unlocated,
             count(*) FILTER (WHERE is_open(c.status) AND c.due_at < :now) AS overdue
        FROM cases c WHERE c.prefecture = :prefecture AND c.path >= a.path AND c.path < left(a.path, -1) || '0') n
 WHERE a.parent_id = :parent
