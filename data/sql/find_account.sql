-- row level security of areas: one beside the admin's own is not there
SELECT u.id, u.username, u.role, u.active, u.area_id, a.code AS area, u.organisation_id, o.code AS organisation
  FROM app_user u JOIN area a ON a.id = u.area_id LEFT JOIN organisation o ON o.id = u.organisation_id
 WHERE u.id = :id
