-- for the evaluation, by the owner: every active organisation that may take cases, with its place
SELECT o.id, o.kind, o.path, o.capacity, o.active, o.skills, o.lon, o.lat,
       coalesce((SELECT array_agg(d.category) FROM duty d WHERE d.organisation_id = o.id), '{}') AS duties
  FROM organisation o WHERE o.active AND o.kind <> 'centre' ORDER BY o.id
