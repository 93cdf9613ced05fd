-- tiers of the leaves below come from one range of paths; with the key as in find_area_key.sql
SELECT a.id, a.path, a.prefecture, a.depth, deployment_timezone() AS timezone, a.code, coalesce(a.names ->> :locale, a.name) AS name, a.short_name, a.level, p.code AS parent, CASE WHEN a.leaf THEN t.tier ELSE upper_tier(n.key_n, n.watch_n, n.normal_n) END AS tier, t.score,
       coalesce(o.names ->> :locale, o.name) AS centre_name, o.lon AS centre_lon, o.lat AS centre_lat, coalesce(o.posts ->> :locale, o.post) AS centre_post,
       a.bbox, a.leaf, a.lon, a.lat, a.area_km2, a.households, a.synthetic, n.key_n, n.watch_n, n.normal_n
  FROM area a
  LEFT JOIN area p ON p.id = a.parent_id
  LEFT JOIN tier t ON t.area_id = a.id
  LEFT JOIN organisation o ON o.area_id = a.id AND o.kind = 'centre'
  CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE g.tier = 'key') AS key_n, count(*) FILTER (WHERE g.tier = 'watch') AS watch_n,
             count(*) FILTER (WHERE g.tier = 'normal') AS normal_n
        FROM tier g WHERE g.path >= a.path AND g.path < left(a.path, -1) || '0') n
 WHERE a.code = :code
