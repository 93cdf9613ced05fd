-- what happened within an area as numbers: no case is told from another
SELECT c.area_id, c.kind, c.category, c.source, c.severity, k.three_class, extract(epoch FROM c.reported_at)::float8 AS reported,
       extract(epoch FROM c.settled_at)::float8 AS settled,
       CASE WHEN c.status IN ('rejected', 'merged') THEN extract(epoch FROM c.closed_at)::float8 END AS dropped
  FROM cases c JOIN category k ON k.code = c.category JOIN area a ON a.id = c.area_id
 WHERE a.leaf AND c.prefecture = :prefecture AND c.path >= :lo AND c.path < :hi
