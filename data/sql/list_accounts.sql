-- the conditions follow from match_accounts.sql; in the order of code points, so that a name is a place to go on from
SELECT u.id, u.username, u.role, u.demo, a.code AS area, coalesce(a.names ->> :locale, a.name) AS area_name,
       o.code AS organisation, coalesce(o.names ->> :locale, o.name) AS organisation_name, n.seen_at,
       CASE WHEN NOT u.active THEN 'disabled' WHEN u.must_change THEN 'initial' ELSE 'active' END AS state
  FROM app_user u JOIN area a ON a.id = u.area_id LEFT JOIN organisation o ON o.id = u.organisation_id
  LEFT JOIN account_seen n ON n.user_id = u.id
 WHERE (CAST(:after AS text) IS NULL OR u.username COLLATE "C" > :after) AND
