-- dispatches of a period by the body that got the case; good: it returned it
SELECT e.case_no, c.path, e.to_organisation_id AS body, e.at, NULL::float8 AS days,
       EXISTS (SELECT 1 FROM case_event r WHERE r.prefecture = e.prefecture AND r.case_no = e.case_no AND r.act = 'return'
                  AND r.version > e.version AND r.from_organisation_id = e.to_organisation_id) AS good
  FROM case_event e JOIN cases c ON c.prefecture = e.prefecture AND c.case_no = e.case_no
 WHERE e.prefecture = :prefecture AND c.path >= :lo AND c.path < :hi AND e.act = 'dispatch' AND e.at >= :metric_from AND e.at < :metric_to
   AND NOT coalesce((e.details ->> 'imported')::bool, false)
