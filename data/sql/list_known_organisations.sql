-- for an import, by the owner: every organisation with its duties and how many open cases it holds
SELECT o.id, o.code, o.name, o.names, o.kind, o.area_id, o.lon, o.lat, o.capacity, o.active, o.post,
       coalesce(d.duties, '{}') AS duties, coalesce(c.n, 0) AS open_n
  FROM organisation o
  LEFT JOIN (SELECT organisation_id, array_agg(category) AS duties FROM duty GROUP BY 1) d ON d.organisation_id = o.id
  LEFT JOIN (SELECT holder_id, count(*) AS n FROM cases WHERE is_open(status) GROUP BY 1) c ON c.holder_id = o.id
