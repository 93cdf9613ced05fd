-- cases that were there at a moment and have had an act since, with their acts until then
SELECT c.*, e.acts
  FROM cases c
 CROSS JOIN LATERAL (SELECT jsonb_agg(jsonb_build_array(act, at, to_status, to_organisation_id, by_organisation_id, details, version)
                                      ORDER BY version) FILTER (WHERE at < :at) AS acts
                       FROM case_event WHERE prefecture = c.prefecture AND case_no = c.case_no) e
 WHERE c.prefecture = :prefecture AND e.acts IS NOT NULL
   AND c.case_no IN (SELECT case_no FROM case_event WHERE prefecture = :prefecture AND at >= :at)
