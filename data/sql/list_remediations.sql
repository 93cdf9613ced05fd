-- remediations over some grid within an area, those that run first
SELECT r.id, r.goal, r.measures, r.people, r.kinds, r.begins, r.ends, r.checklist, r.by_role, r.created_at, r.closed_at, r.closing, r.prefecture,
       coalesce(o.names ->> :locale, o.name) AS organisation,
       ARRAY(SELECT a.code FROM remediation_area m JOIN area a ON a.id = m.area_id WHERE m.remediation_id = r.id ORDER BY a.code) AS areas
  FROM remediation r LEFT JOIN organisation o ON o.id = r.organisation_id
 WHERE (CAST(:id AS int) IS NULL OR r.id = :id)
   AND (CAST(:lo AS text) IS NULL OR EXISTS (SELECT 1 FROM remediation_area m WHERE m.remediation_id = r.id AND m.path >= :lo AND m.path < :hi))
 ORDER BY r.closed_at IS NOT NULL, r.begins DESC, r.id DESC
