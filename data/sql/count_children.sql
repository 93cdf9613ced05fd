-- stored roll-ups, and overdue from the deadlines of the open cases, as in count_area.sql
SELECT a.code, coalesce(n.open_n, 0) AS open, coalesce(n.waiting_n, 0) AS waiting, coalesce(n.to_file_n, 0) AS to_file,
       coalesce(n.unlocated_n, 0) AS unlocated, coalesce(d.overdue, 0) AS overdue
  FROM area a
  LEFT JOIN area_count n ON n.prefecture = :prefecture AND n.area_id = a.id
  LEFT JOIN overdue_below(:prefecture, :lo, :hi, :rung, :now) d ON d.area_id = a.id
 WHERE a.parent_id = :parent
