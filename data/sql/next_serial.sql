-- the row lock makes numbers unique and without gaps per county and day
INSERT INTO case_serial AS s (prefecture, prefix, last) VALUES (:prefecture, :prefix, 1)
ON CONFLICT (prefecture, prefix) DO UPDATE SET last = s.last + 1
RETURNING last
