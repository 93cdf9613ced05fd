-- the conditions follow from match_accounts.sql
SELECT count(*)
  FROM app_user u JOIN area a ON a.id = u.area_id LEFT JOIN organisation o ON o.id = u.organisation_id
 WHERE
