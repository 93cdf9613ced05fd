SELECT u.id, u.username, u.password_hash, u.role, u.locale, u.active, a.code AS area_code, a.path AS area_path, a.prefecture,
       u.organisation_id, o.path AS organisation_path
  FROM app_user u JOIN area a ON a.id = u.area_id LEFT JOIN organisation o ON o.id = u.organisation_id
 WHERE u.username = :username
