-- stored roll-ups for what time does not change; overdue is computed from the deadlines of the open cases
SELECT coalesce((SELECT open_n FROM area_count WHERE prefecture = :prefecture AND area_id = :area), 0) AS open,
       coalesce((SELECT waiting_n FROM area_count WHERE prefecture = :prefecture AND area_id = :area), 0) AS waiting,
       coalesce((SELECT unlocated_n FROM area_count WHERE prefecture = :prefecture AND area_id = :area), 0) AS unlocated,
       coalesce((SELECT sum(settled) FROM area_day WHERE prefecture = :prefecture AND area_id = :area AND day >= :month AND day < :next_month), 0)::int AS settled_month,
       coalesce((SELECT reported FROM area_day WHERE prefecture = :prefecture AND area_id = :area AND day = :day), 0) AS new_today,
       d.overdue, d.next_due_at
  FROM overdue_in(:prefecture, :lo, :hi, :now) d
