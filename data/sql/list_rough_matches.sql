-- cases of rows without a number that were reported at these moments and that no row of the file is about
SELECT s.case_no, s.feed, c.category, c.reported_at, c.lon, c.lat, c.path
  FROM case_import s
  JOIN cases c ON c.prefecture = s.prefecture AND c.case_no = s.case_no
 WHERE s.prefecture = :prefecture AND s.row_key IS NOT NULL AND c.reported_at = ANY(:moments) AND NOT s.case_no = ANY(:met)
