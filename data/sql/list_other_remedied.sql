-- leaves that another remediation touched in the same stretch of time
SELECT DISTINCT m.area_id
  FROM remediation r JOIN remediation_area m ON m.remediation_id = r.id
 WHERE r.id <> :id AND r.begins < CAST(:last AS date) AND coalesce(CAST(r.closed_at AS date), r.ends) > CAST(:first AS date)
