SELECT a.code, coalesce(n.open_n, 0) AS open, coalesce(n.waiting_n, 0) AS waiting, coalesce(n.unlocated_n, 0) AS unlocated,
       (SELECT count(*) FROM cases c WHERE c.prefecture = :prefecture AND c.path >= a.path AND c.path < left(a.path, -1) || '0'
           AND c.due_at < :now AND c.status NOT IN ('archived', 'rejected', 'merged')) AS overdue
  FROM area a LEFT JOIN area_count n ON n.prefecture = :prefecture AND n.area_id = a.id
 WHERE a.parent_id = :parent
