-- the figures of an area at the moment of a transaction about the past
SELECT coalesce(n.open_n, 0) AS open, coalesce(n.waiting_n, 0) AS waiting, coalesce(n.to_file_n, 0) AS to_file, d.overdue
  FROM overdue_in(:prefecture, :lo, :hi, :now) d
  LEFT JOIN area_count n ON n.prefecture = :prefecture AND n.area_id = :area
