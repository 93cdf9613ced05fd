-- what search_names (migration 0022) found, as one calls it; the area that shows it, and the way there from one's own
SELECT f.kind AS type, f.rank, coalesce(x.names ->> :locale, x.name) AS title, x.sort, x.label, x.lon, x.lat,
       a.code, a.level, string_to_array(rtrim(a.path, '/'), '/') AS within,
       -- one by one: with `= ANY` the planner walks over all areas in scope for each hit
       (SELECT string_agg(up.name, ' › ' ORDER BY up.depth) FROM unnest(a.ancestor_ids) above (id)
          JOIN LATERAL (SELECT coalesce(names ->> :locale, name) AS name, depth FROM area
                         WHERE area.id = above.id AND code <> :own OFFSET 0) up ON true
         WHERE above.id <> a.id OR f.kind <> 'area') AS place
  FROM search_names(CAST(:words AS tsquery[]), :typed, :most) f
  JOIN LATERAL (
       SELECT a.id AS area_id, a.name, a.names, a.level AS sort, l.names ->> :locale AS label, NULL::float AS lon, NULL::float AS lat
         FROM area a JOIN area_level l ON l.code = a.level WHERE f.kind = 'area' AND a.id = f.id
       UNION ALL SELECT area_id, name, names, kind, NULL, lon, lat FROM organisation WHERE f.kind = 'organisation' AND id = f.id
       UNION ALL SELECT p.area_id, p.name, p.names, p.category, k.names ->> :locale, p.lon, p.lat
         FROM key_place p LEFT JOIN place_category k ON k.code = p.category WHERE f.kind = 'place' AND p.id = f.id) x ON true
  JOIN area a ON a.id = x.area_id
 ORDER BY f.rank, a.depth, a.code
