-- only a name that was not changed by hand follows the area's
UPDATE organisation o
   SET name = r.name, names = r.names
  FROM json_to_recordset(CAST(:rows AS json)) AS r (code text, was jsonb, name text, names json)
 WHERE o.code = r.code AND o.kind = 'centre' AND o.names::jsonb = r.was
