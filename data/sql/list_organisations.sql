-- by the paths that cover a place, or by ids
SELECT o.id, coalesce(o.names ->> :locale, o.name) AS name, o.kind, o.path, o.capacity, o.active, o.skills,
       coalesce((SELECT array_agg(d.category) FROM duty d WHERE d.organisation_id = o.id), '{}') AS duties,
       open_load(o.prefecture, o.id) AS open_load,
       ST_DistanceSphere(ST_MakePoint(o.lon, o.lat), ST_MakePoint(:lon, :lat))::int AS distance_m
  FROM organisation o
 WHERE (o.id = ANY (CAST(:ids AS int[])))
    OR (o.prefecture = :prefecture AND o.active AND o.kind <> 'centre' AND o.path = ANY (CAST(:paths AS text[])))
