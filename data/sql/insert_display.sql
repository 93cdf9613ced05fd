-- no row where the name is taken; the token is kept as a hash alone
INSERT INTO display (name, token_hash, area_id, created_at)
VALUES (:name, :token, :area, :now)
ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING
RETURNING id
