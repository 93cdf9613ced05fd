-- open pages compare this number with what they drew
INSERT INTO deployment (key, value)
VALUES ('areas_revision', '1')
ON CONFLICT (key) DO UPDATE SET value = to_json((deployment.value #>> '{}')::bigint + 1)
