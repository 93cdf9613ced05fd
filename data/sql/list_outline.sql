-- an area and the next levels below it, each after its parent: the order of paths
SELECT code, coalesce(names ->> :locale, name), depth - :depth
  FROM area
 WHERE path >= :lo AND path < :hi AND depth < :depth + :levels
 ORDER BY path LIMIT :limit
