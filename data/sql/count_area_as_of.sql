-- what count_area.sql reads from the roll-ups, counted at a past moment
SELECT n.open, n.waiting, n.to_file, n.unlocated, n.overdue, n.next_due_at, s.settled_month, d.new_today, t.key_n, t.watch_n, t.normal_n,
       greatest((SELECT coalesce(max(seq), 0) FROM chain_head), (SELECT coalesce(max(seq), 0) FROM tier_change)) AS seq
  FROM (SELECT count(*) FILTER (WHERE is_open(status)) AS open, count(*) FILTER (WHERE status = 'waiting') AS waiting,
               count(*) FILTER (WHERE is_to_file(status)) AS to_file,
               count(*) FILTER (WHERE is_open(status) AND area_id = :area AND NOT (SELECT leaf FROM area WHERE id = :area)) AS unlocated,
               count(*) FILTER (WHERE is_open(status) AND due_at < :now) AS overdue,
               min(due_at) FILTER (WHERE is_open(status) AND due_at >= :now) AS next_due_at
          FROM span WHERE prefecture = :prefecture AND path >= :lo AND path < :hi
           AND status IN ('reported', 'accepted', 'waiting', 'dispatched', 'signed', 'handling', 'paused', 'settled', 'visited')) n
 CROSS JOIN (SELECT count(*)::int AS settled_month FROM span
              WHERE prefecture = :prefecture AND path >= :lo AND path < :hi AND settled_at >= :month_at AND settled_at < :next_month_at) s
 CROSS JOIN (SELECT count(*) AS new_today FROM span
              WHERE prefecture = :prefecture AND path >= :lo AND path < :hi AND reported_at >= :day_at AND reported_at < :next_day_at) d
 CROSS JOIN (SELECT count(*) FILTER (WHERE tier = 'key') AS key_n, count(*) FILTER (WHERE tier = 'watch') AS watch_n,
                    count(*) FILTER (WHERE tier = 'normal') AS normal_n FROM tier WHERE path >= :lo AND path < :hi) t
