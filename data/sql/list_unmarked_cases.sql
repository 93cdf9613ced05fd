-- imported before rows were marked: found again by what they say
SELECT c.case_no, c.category, c.reported_at, c.lon, c.lat, c.path, c.title, c.description
  FROM case_import s
  JOIN cases c ON c.prefecture = s.prefecture AND c.case_no = s.case_no
 WHERE s.prefecture = :prefecture AND s.row_digest IS NULL AND s.row_key IS NULL AND s.case_no ~ :generated
 ORDER BY s.case_no
