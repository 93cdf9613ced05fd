-- what this import knew of each case that it met; without a digest the last import's stays
INSERT INTO case_import AS s (prefecture, case_no, feed, row_key, row_digest, version, gone, last_seen)
SELECT :prefecture, m.case_no, m.feed, m.row_key, m.row_digest, m.version, false, :now FROM met_case m
ON CONFLICT (prefecture, case_no) DO UPDATE
   SET feed = excluded.feed, row_key = coalesce(excluded.row_key, s.row_key), gone = false, last_seen = excluded.last_seen,
       row_digest = coalesce(excluded.row_digest, s.row_digest), version = excluded.version
