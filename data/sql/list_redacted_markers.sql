-- where open cases are and how urgent, never which: the database's own function, for who may not see a case
SELECT lon, lat, kind, severity, status, due_at, reported_at FROM presence_in(:prefecture, :lo, :hi)
