-- the place alone: who holds and who routes a case stays, and so do its clocks
UPDATE cases c SET area_id = r.area, path = r.path, version = c.version + 1
  FROM json_to_recordset(CAST(:rows AS json)) AS r (prefecture text, case_no text, area int, path text)
 WHERE c.prefecture = r.prefecture AND c.case_no = r.case_no
