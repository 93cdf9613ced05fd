SELECT a.code, coalesce(n.open_n, 0) AS open, coalesce(n.waiting_n, 0) AS waiting, coalesce(n.unlocated_n, 0) AS unlocated,
       coalesce(d.overdue, 0) AS overdue
  FROM area a
  LEFT JOIN area_count n ON n.prefecture = :prefecture AND n.area_id = a.id
  LEFT JOIN (
      SELECT l.ancestor_ids[:rung] AS id, count(*) AS overdue
        FROM cases c JOIN area l ON l.id = c.area_id
       WHERE c.prefecture = :prefecture AND c.path >= :lo AND c.path < :hi AND c.due_at < :now
         AND c.status NOT IN ('archived', 'rejected', 'merged')
       GROUP BY 1) d ON d.id = a.id
 WHERE a.parent_id = :parent
