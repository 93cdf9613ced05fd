-- the tiers of the leaves below are counted in one pass, by the leaf's ancestor on the children's level
SELECT a.code, coalesce(a.names ->> :locale, a.name) AS name, a.short_name, a.level, p.code AS parent,
       CASE WHEN a.leaf THEN t.tier ELSE upper_tier(n.key_n, n.watch_n, n.normal_n) END AS tier, t.score,
       coalesce(o.names ->> :locale, o.name) AS centre_name, o.lon AS centre_lon, o.lat AS centre_lat, coalesce(o.posts ->> :locale, o.post) AS centre_post,
       a.bbox, a.leaf, a.lon, a.lat, a.area_km2, a.households, a.synthetic,
       coalesce(n.key_n, 0) AS key_n, coalesce(n.watch_n, 0) AS watch_n, coalesce(n.normal_n, 0) AS normal_n
  FROM area a
  JOIN area p ON p.id = a.parent_id
  LEFT JOIN tier t ON t.area_id = a.id
  LEFT JOIN organisation o ON o.area_id = a.id AND o.kind = 'centre'
  LEFT JOIN (
      SELECT l.ancestor_ids[:rung] AS id, count(*) FILTER (WHERE g.tier = 'key') AS key_n,
             count(*) FILTER (WHERE g.tier = 'watch') AS watch_n, count(*) FILTER (WHERE g.tier = 'normal') AS normal_n
        FROM tier g JOIN area l ON l.id = g.area_id
       WHERE g.path >= :lo AND g.path < :hi GROUP BY 1) n ON n.id = a.id
 WHERE a.parent_id = :parent
 ORDER BY a.code COLLATE "C"
