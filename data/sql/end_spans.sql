-- the last span of a case ends where the next act stands; one that began then is given up for it
WITH ends AS (
    SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS r (prefecture text, case_no text, at timestamptz)
), gone AS (
    DELETE FROM case_span s USING ends r
     WHERE s.prefecture = r.prefecture AND s.case_no = r.case_no AND s.to_at = 'infinity' AND s.from_at >= r.at
)
UPDATE case_span s SET to_at = r.at FROM ends r
 WHERE s.prefecture = r.prefecture AND s.case_no = r.case_no AND s.to_at = 'infinity' AND s.from_at < r.at
