-- notes, oldest first
SELECT n.at, n.by_role AS role, coalesce(o.names ->> :locale, o.name) AS organisation, n.note
  FROM remediation_note n LEFT JOIN organisation o ON o.id = n.organisation_id
 WHERE n.remediation_id = :id ORDER BY n.at, n.id
