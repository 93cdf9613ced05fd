-- signatures of a period that a clock ran for; good: not among the late ones (list_signings, data/queries/measures.py)
SELECT e.case_no, c.path, e.from_organisation_id AS body, e.at, NULL::float8 AS days, e.seq <> ALL (CAST(:late AS bigint[])) AS good
  FROM case_event e JOIN cases c ON c.prefecture = e.prefecture AND c.case_no = e.case_no
 WHERE e.prefecture = :prefecture AND c.path >= :lo AND c.path < :hi AND e.act = 'sign' AND e.at >= :metric_from AND e.at < :metric_to
   AND NOT coalesce((e.details ->> 'imported')::bool, false)
