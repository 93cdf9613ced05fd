-- stored roll-ups for what time does not change; overdue is computed from the deadlines of the open cases; the number of the
-- world as in read_world_seq.sql
SELECT coalesce(n.open_n, 0) AS open, coalesce(n.waiting_n, 0) AS waiting, coalesce(n.to_file_n, 0) AS to_file,
       coalesce(n.unlocated_n, 0) AS unlocated,
       coalesce((SELECT sum(settled) FROM area_day WHERE prefecture = :prefecture AND area_id = :area AND day >= :month AND day < :next_month), 0)::int AS settled_month,
       coalesce((SELECT reported FROM area_day WHERE prefecture = :prefecture AND area_id = :area AND day = :day), 0) AS new_today,
       d.overdue, d.next_due_at, t.key_n, t.watch_n, t.normal_n,
       greatest((SELECT coalesce(max(seq), 0) FROM chain_head), (SELECT coalesce(max(seq), 0) FROM tier_change)) AS seq
  FROM overdue_in(:prefecture, :lo, :hi, :now) d
  CROSS JOIN (SELECT count(*) FILTER (WHERE tier = 'key') AS key_n, count(*) FILTER (WHERE tier = 'watch') AS watch_n,
                     count(*) FILTER (WHERE tier = 'normal') AS normal_n FROM tier WHERE path >= :lo AND path < :hi) t
  LEFT JOIN area_count n ON n.prefecture = :prefecture AND n.area_id = :area
