-- organisations that might be expected to take a case; the load is left out, it is none of the hard conditions
SELECT o.id, coalesce(o.names ->> :locale, o.name) AS name, o.kind, o.path, o.capacity, o.active, o.skills,
       coalesce((SELECT array_agg(d.category) FROM duty d WHERE d.organisation_id = o.id), '{}') AS duties,
       0 AS open_load, NULL::int AS distance_m
  FROM organisation o
 WHERE o.prefecture = :prefecture AND (o.kind <> 'centre' OR o.path = ANY (CAST(:paths AS text[])))
