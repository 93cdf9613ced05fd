-- the figures of an area at the moment of a transaction about the past
SELECT count(*) FILTER (WHERE is_open(status)) AS open, count(*) FILTER (WHERE status = 'waiting') AS waiting,
       count(*) FILTER (WHERE is_to_file(status)) AS to_file, count(*) FILTER (WHERE is_open(status) AND due_at < :now) AS overdue
  FROM span WHERE prefecture = :prefecture AND path >= :lo AND path < :hi
   AND status IN ('reported', 'accepted', 'waiting', 'dispatched', 'signed', 'handling', 'paused', 'settled', 'visited')
