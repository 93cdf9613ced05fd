-- by the paths that cover a place, or by ids; the loads are those of one prefecture
WITH chosen AS MATERIALIZED (
    SELECT o.* FROM organisation o
     WHERE o.id = ANY (CAST(:ids AS int[]))
        OR (o.prefecture = :prefecture AND o.active AND o.kind <> 'centre' AND o.path = ANY (CAST(:paths AS text[])))
)
SELECT o.id, coalesce(o.names ->> :locale, o.name) AS name, o.kind, o.path, o.capacity, o.active, o.skills,
       coalesce((SELECT array_agg(d.category) FROM duty d WHERE d.organisation_id = o.id), '{}') AS duties,
       coalesce(l.held, 0) AS open_load,
       ST_DistanceSphere(ST_MakePoint(o.lon, o.lat), ST_MakePoint(:lon, :lat))::int AS distance_m
  FROM chosen o
  LEFT JOIN open_loads(coalesce(:prefecture, (SELECT max(prefecture) FROM chosen)), ARRAY(SELECT id FROM chosen)) l
    ON l.organisation_id = o.id
