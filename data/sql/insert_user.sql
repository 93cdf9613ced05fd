-- no row where the name is taken
INSERT INTO app_user (username, password_hash, role, area_id, organisation_id, demo, created_at)
VALUES (:username, :password, :role, :area, :organisation, :demo, :now)
ON CONFLICT (username) DO NOTHING
RETURNING id
