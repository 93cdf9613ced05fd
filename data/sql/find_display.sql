SELECT d.name, a.code AS area_code, a.path AS area_path, a.prefecture
  FROM display d JOIN area a ON a.id = d.area_id
 WHERE d.token_hash = :token AND d.revoked_at IS NULL
