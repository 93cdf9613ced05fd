-- details as the text that was hashed, with the act that each record belongs to
SELECT s.prefecture, s.n, s.case_no, s.event_seq, s.why, s.at, s.details::text AS details, s.prev_hash, s.hash, e.act, e.case_no AS event_case
  FROM case_seal s LEFT JOIN case_event e ON e.prefecture = s.prefecture AND e.seq = s.event_seq
 WHERE s.prefecture = :prefecture
 ORDER BY s.n
