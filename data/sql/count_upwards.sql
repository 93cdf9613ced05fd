SELECT up.code, coalesce(n.open_n, 0) AS open, coalesce(n.waiting_n, 0) AS waiting, coalesce(n.unlocated_n, 0) AS unlocated,
       coalesce((SELECT sum(settled) FROM area_day d WHERE d.prefecture = up.prefecture AND d.area_id = up.id AND d.day >= :month AND d.day < :next_month), 0)::int AS settled_month,
       coalesce((SELECT reported FROM area_day d WHERE d.prefecture = up.prefecture AND d.area_id = up.id AND d.day = :day), 0) AS new_today,
       (SELECT overdue FROM overdue_in(up.prefecture, up.path, left(up.path, -1) || '0', :now)) AS overdue
  FROM area a JOIN area up ON up.id = ANY (a.ancestor_ids)
  LEFT JOIN area_count n ON n.prefecture = up.prefecture AND n.area_id = up.id
 WHERE a.path = :path
