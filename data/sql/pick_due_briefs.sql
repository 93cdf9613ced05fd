-- briefs of active people whose time of the local day has come and that were not sent this day, with who sees what is in them
SELECT b.at, json_build_object('user_id', u.id, 'username', u.username, 'role', u.role, 'area_code', a.code, 'scope_path', a.path,
           'organisation_id', o.id, 'organisation_path', o.path, 'prefecture', split_part(a.path, '/', 1),
           'locale', coalesce(u.locale, 'zh_CN')) AS viewer
  FROM brief_setting b
  JOIN app_user u ON u.id = b.user_id AND u.active
  JOIN area a ON a.id = u.area_id
  JOIN organisation o ON o.id = u.organisation_id AND o.active
 WHERE b.at <= CAST(:local AS time) AND (b.sent_on IS NULL OR b.sent_on < CAST(:local AS date))
