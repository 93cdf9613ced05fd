-- a leaf has its own tier; above, the tiers of the leaves below are counted in one pass, by the leaf's ancestor on this level
SELECT a.id, a.code, coalesce(a.names ->> :locale, a.name) AS name, a.path, a.leaf, a.lon, a.lat,
       CASE WHEN a.leaf THEN t.tier ELSE upper_tier(b.key_n, b.watch_n, b.normal_n) END AS tier,
       coalesce(n.open_n, 0) AS open, coalesce(n.waiting_n, 0) AS waiting,
       coalesce(b.key_n, 0) AS key_n, coalesce(b.watch_n, 0) AS watch_n, coalesce(b.normal_n, 0) AS normal_n
  FROM area a
  LEFT JOIN tier t ON t.area_id = a.id
  LEFT JOIN area_count n ON n.prefecture = a.prefecture AND n.area_id = a.id
  LEFT JOIN (
      SELECT l.ancestor_ids[:rung] AS id, count(*) FILTER (WHERE g.tier = 'key') AS key_n,
             count(*) FILTER (WHERE g.tier = 'watch') AS watch_n, count(*) FILTER (WHERE g.tier = 'normal') AS normal_n
        FROM tier g JOIN area l ON l.id = g.area_id
       WHERE g.path >= :lo AND g.path < :hi GROUP BY 1) b ON b.id = a.id
 WHERE a.level = :level AND a.path >= :lo AND a.path < :hi
 ORDER BY a.path
