-- first mediations recorded in a period, by the body that recorded them; good: it settled the case
SELECT e.case_no, c.path, e.from_organisation_id AS body, e.at, NULL::float8 AS days, coalesce(e.details ->> 'outcome' = 'success', false) AS good
  FROM case_event e JOIN cases c ON c.prefecture = e.prefecture AND c.case_no = e.case_no
 WHERE e.prefecture = :prefecture AND c.path >= :lo AND c.path < :hi AND e.act = 'record_mediation' AND e.at >= :metric_from AND e.at < :metric_to
   AND NOT EXISTS (SELECT 1 FROM case_event b WHERE b.prefecture = e.prefecture AND b.case_no = e.case_no
                      AND b.act = 'record_mediation' AND b.version < e.version)
