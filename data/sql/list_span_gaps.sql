-- cases whose past is not complete, with their acts and the last version that stands there
SELECT c.*, s.version AS known, s.from_at AS known_from, e.acts
  FROM (SELECT prefecture, case_no FROM span_gap ORDER BY prefecture, case_no LIMIT :limit) g
  JOIN cases c ON c.prefecture = g.prefecture AND c.case_no = g.case_no
  LEFT JOIN case_span s ON s.prefecture = c.prefecture AND s.case_no = c.case_no AND s.to_at = 'infinity'
 CROSS JOIN LATERAL (SELECT jsonb_agg(jsonb_build_array(act, at, to_status, to_organisation_id, by_organisation_id, details, version, path)
                                      ORDER BY version) AS acts
                       FROM case_event WHERE prefecture = c.prefecture AND case_no = c.case_no) e
 WHERE e.acts IS NOT NULL
