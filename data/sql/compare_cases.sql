-- each case as its row is digested now, beside all records of it, oldest first; case_marks is computed once a row
SELECT c.prefecture, c.case_no, c.version, case_marks(c)::text AS marks, m.marks::text AS kept, s.records, s.sealed_seq, e.last_seq, e.last_version
  FROM cases c
  LEFT JOIN case_mark m ON m.prefecture = c.prefecture AND m.case_no = c.case_no
  LEFT JOIN (SELECT prefecture, case_no, array_agg(details::text ORDER BY n) AS records, max(event_seq) AS sealed_seq
               FROM case_seal GROUP BY prefecture, case_no) s ON s.prefecture = c.prefecture AND s.case_no = c.case_no
  LEFT JOIN (SELECT prefecture, case_no, max(seq) AS last_seq, max(version) AS last_version FROM case_event GROUP BY prefecture, case_no) e
    ON e.prefecture = c.prefecture AND e.case_no = c.case_no
