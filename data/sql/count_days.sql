-- cases reported and settled in each 24 hours before a moment (0: the last), by child area ('' on the area itself) and category
SELECT d.what, d.back, d.child, d.category, count(*)::int AS n
  FROM (SELECT 'reported' AS what, floor(extract(epoch FROM CAST(:at AS timestamptz) - c.reported_at - interval '1 microsecond') / 86400)::int AS back,
               split_part(c.path, '/', :place) AS child, c.category
          FROM cases c
         WHERE c.prefecture = :prefecture AND c.path >= :lo AND c.path < :hi AND c.reported_at >= :first AND c.reported_at < :at
        UNION ALL
        SELECT 'settled', floor(extract(epoch FROM CAST(:at AS timestamptz) - c.settled_at - interval '1 microsecond') / 86400)::int,
               split_part(c.path, '/', :place), c.category
          FROM cases c
         WHERE c.prefecture = :prefecture AND c.path >= :lo AND c.path < :hi AND c.settled_at >= :first AND c.settled_at < :at) d
 GROUP BY 1, 2, 3, 4
