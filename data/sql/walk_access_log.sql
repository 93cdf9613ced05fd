-- details as the text that was hashed, not as parsed JSON
SELECT seq, at, written_at, act, outcome, via, user_id, account, role, organisation_id, area, path, case_no, case_path,
       object, address, n, details::text AS details, prev_hash, hash
  FROM access_log ORDER BY seq
