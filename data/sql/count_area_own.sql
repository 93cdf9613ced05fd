-- a handler counts the cases that row level security shows; tiers and the number of the world as in count_area.sql
SELECT c.*, t.key_n, t.watch_n, t.normal_n,
       greatest((SELECT coalesce(max(seq), 0) FROM chain_head), (SELECT coalesce(max(seq), 0) FROM tier_change)) AS seq
  FROM (SELECT count(*) FILTER (WHERE is_open(status)) AS open, count(*) FILTER (WHERE status = 'waiting') AS waiting,
               count(*) FILTER (WHERE is_to_file(status)) AS to_file,
               count(*) FILTER (WHERE is_open(status) AND area_id = :area AND NOT (SELECT leaf FROM area WHERE id = :area)) AS unlocated,
               count(*) FILTER (WHERE settled_at >= :month_at) AS settled_month, count(*) FILTER (WHERE reported_at >= :day_at) AS new_today,
               count(*) FILTER (WHERE is_open(status) AND due_at < :now) AS overdue,
               min(due_at) FILTER (WHERE is_open(status) AND due_at >= :now) AS next_due_at
          FROM cases WHERE prefecture = :prefecture AND path >= :lo AND path < :hi) c
 CROSS JOIN (SELECT count(*) FILTER (WHERE tier = 'key') AS key_n, count(*) FILTER (WHERE tier = 'watch') AS watch_n,
                    count(*) FILTER (WHERE tier = 'normal') AS normal_n FROM tier WHERE path >= :lo AND path < :hi) t
