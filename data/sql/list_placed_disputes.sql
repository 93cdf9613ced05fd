-- disputes with a place that the viewer may see, for chains of repeats (as repeat_disputes counts them, migration 0032)
SELECT c.case_no, c.category, c.path, c.lon, c.lat, is_open(c.status) AS open, c.reported_at,
       extract(epoch FROM c.reported_at)::float8 / 86400 AS reported, extract(epoch FROM c.settled_at)::float8 / 86400 AS settled
  FROM cases c
 WHERE c.prefecture = :prefecture AND c.kind = 'dispute' AND c.lon IS NOT NULL
 ORDER BY c.case_no
