-- every case with all of its acts, to be followed from the report on; what came from elsewhere did not go by our rules
SELECT c.prefecture, c.case_no, c.kind, c.severity, c.status, c.centre_id, c.holder_id, c.version, c.reported_at, c.status_since,
       c.queued_at, c.sender_id, c.responsible_id, c.settled_at, c.closed_at, c.returned_n, c.left_by, c.co_handlers, c.binding,
       c.paused_until, c.extension_until, c.mediations, c.first_mediation, c.satisfaction, c.merged_into, e.last_seq, e.acts
  FROM cases c
  JOIN (SELECT prefecture, case_no, max(seq) AS last_seq,
               jsonb_agg(jsonb_build_array(act, at, to_status, to_organisation_id, by_organisation_id, details, version) ORDER BY version) AS acts
          FROM case_event GROUP BY prefecture, case_no
        HAVING bool_and(act <> 'report' OR role <> 'system') AND bool_and(details ->> 'imported' IS NULL)) e
    ON e.prefecture = c.prefecture AND e.case_no = c.case_no
