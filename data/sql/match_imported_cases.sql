-- the cases that the rows in `incoming` are about, by number or by the key of a row without one, and what the last import knew
SELECT i.ord, c.case_no, c.kind, c.category, c.title, c.description, c.severity, c.source, c.status, c.area_id, c.path, c.lon, c.lat,
       c.centre_id, c.holder_id, c.version, c.reported_at, c.settle_due_at, c.due_at, c.settled_at, c.closed_at,
       s.case_no IS NOT NULL AS imported, s.feed, s.row_key, s.row_digest, s.version AS seen_version, coalesce(s.gone, false) AS gone,
       EXISTS (SELECT 1 FROM case_claim l WHERE l.prefecture = :prefecture AND l.case_no = c.case_no AND l.expires_at > now()) AS claimed
  FROM incoming i
  LEFT JOIN LATERAL (SELECT k.case_no FROM case_import k
                      WHERE i.case_no IS NULL AND k.prefecture = :prefecture AND k.row_key = i.row_key
                      ORDER BY (k.feed = i.feed) DESC, k.case_no LIMIT 1) k ON true
  JOIN cases c ON c.prefecture = :prefecture AND c.case_no = coalesce(i.case_no, k.case_no)
  LEFT JOIN case_import s ON s.prefecture = :prefecture AND s.case_no = c.case_no
 ORDER BY i.ord
