-- cases of these feeds that an export has no more and the one before it had
UPDATE case_import s SET gone = true
  FROM cases c
 WHERE s.prefecture = :prefecture AND s.feed = ANY(:feeds) AND NOT s.gone AND (:unnumbered OR s.row_key IS NULL)
   AND c.prefecture = s.prefecture AND c.case_no = s.case_no
   AND NOT EXISTS (SELECT 1 FROM met_case m WHERE m.case_no = s.case_no)
   AND NOT s.case_no = ANY(:named)
RETURNING s.case_no, c.status, s.feed
