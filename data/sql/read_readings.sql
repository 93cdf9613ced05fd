-- counts of an area at moments that were read; no row of an area means none, null that overdue was not known
SELECT m.at, coalesce(r.open_n, 0) AS open, coalesce(r.waiting_n, 0) AS waiting, coalesce(r.to_file_n, 0) AS to_file,
       CASE WHEN m.overdue_known THEN coalesce(r.overdue_n, 0) END AS overdue
  FROM reading_moment m
  LEFT JOIN area_reading r ON r.prefecture = m.prefecture AND r.area_id = :area AND r.at = m.at
 WHERE m.prefecture = :prefecture AND m.at = ANY (CAST(:moments AS timestamptz[]))
