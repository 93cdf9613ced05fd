-- the leaves of an area that need eyes first: key before watch, then the higher score
SELECT a.code, coalesce(a.names ->> :locale, a.name) AS name, t.tier, t.score, coalesce(n.open_n, 0) AS open, coalesce(n.waiting_n, 0) AS waiting
  FROM (SELECT area_id, tier, score FROM tier WHERE path >= :lo AND path < :hi AND tier IN ('key', 'watch')
         ORDER BY tier, score DESC, area_id LIMIT :limit) t
  JOIN area a ON a.id = t.area_id
  LEFT JOIN area_count n ON n.prefecture = :prefecture AND n.area_id = t.area_id
 ORDER BY t.tier, t.score DESC, t.area_id
