-- a handler counts the cases that row level security shows
SELECT count(*) FILTER (WHERE is_open(status)) AS open, count(*) FILTER (WHERE status = 'waiting') AS waiting,
       count(*) FILTER (WHERE is_open(status) AND area_id = :area AND NOT (SELECT leaf FROM area WHERE id = :area)) AS unlocated,
       count(*) FILTER (WHERE settled_at >= :month_at) AS settled_month, count(*) FILTER (WHERE reported_at >= :day_at) AS new_today,
       count(*) FILTER (WHERE is_open(status) AND due_at < :now) AS overdue,
       min(due_at) FILTER (WHERE is_open(status) AND due_at >= :now) AS next_due_at
  FROM cases WHERE prefecture = :prefecture AND path >= :lo AND path < :hi
