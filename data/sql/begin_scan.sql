-- a new run, where none is running
INSERT INTO scan_run (at, state, started_at, beat_at, by_role) VALUES (:at, 'running', :now, :now, :role)
ON CONFLICT DO NOTHING
RETURNING id
