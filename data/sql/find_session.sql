SELECT u.id, u.username, u.role, u.locale, a.code AS area_code, a.path AS area_path, a.prefecture,
       u.organisation_id, o.path AS organisation_path, s.csrf_token
  FROM login_session s JOIN app_user u ON u.id = s.user_id JOIN area a ON a.id = u.area_id
  LEFT JOIN organisation o ON o.id = u.organisation_id
 WHERE s.token_hash = :token AND s.expires_at > :now AND u.active
