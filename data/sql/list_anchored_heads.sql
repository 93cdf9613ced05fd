-- the head of each chain beside what was written down of it last, and since when it is sealed
SELECT h.prefecture, a.identity, a.lines, a.line, s.at AS since
  FROM chain_head h
  LEFT JOIN anchor_head a ON a.prefecture = h.prefecture
  LEFT JOIN LATERAL (SELECT at FROM case_seal WHERE case_seal.prefecture = h.prefecture AND why <> 'deployment'
                      ORDER BY n LIMIT 1) s ON true
 WHERE h.seq > 0 ORDER BY h.prefecture
