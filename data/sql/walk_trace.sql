-- details as the text that was hashed, not as parsed JSON
SELECT prefecture, seq, case_no, at, act, role, user_id, by_organisation_id, from_status, to_status,
       from_organisation_id, to_organisation_id, reason, details::text AS details, version, path, prev_hash, hash
  FROM case_event
 WHERE prefecture = :prefecture
 ORDER BY seq
