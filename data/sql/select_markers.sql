-- the columns of a marker, for any list of cases: what follows is its conditions
SELECT c.case_no, c.lon, c.lat, c.kind, c.severity, c.status, extract(epoch FROM c.due_at)::bigint, extract(epoch FROM c.reported_at)::bigint, c.version
