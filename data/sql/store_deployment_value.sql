-- one value of the deployment, new or again
INSERT INTO deployment (key, value) VALUES (:key, CAST(:value AS json))
ON CONFLICT (key) DO UPDATE SET value = excluded.value
