-- the traces of several cases, each in the order of its acts, as rules/replay.py reads them
SELECT case_no, at, act, from_status, to_status, from_organisation_id, to_organisation_id, by_organisation_id, details, version
  FROM case_event
 WHERE prefecture = :prefecture AND case_no = ANY(:numbers)
 ORDER BY case_no, version
