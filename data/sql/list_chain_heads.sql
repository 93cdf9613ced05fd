-- how far each chain reaches, with the count that an anchor also writes down
SELECT h.prefecture, h.seq, h.hash, h.seal_n, h.seal_hash,
       (SELECT count(*) FROM case_event e WHERE e.prefecture = h.prefecture AND e.seq <= h.seq) AS events
  FROM chain_head h WHERE h.seq > 0 ORDER BY h.prefecture
