-- what changed in an area since a moment. The trace is a sum: the sets of then are those of now without what the acts since
-- brought, so only the acts of a day are read. `usual`: the same weekday of the eight weeks before, without its extremes.
SELECT f.open, f.waiting, f.to_file,
       (SELECT count(*) FROM cases WHERE prefecture = :prefecture AND path >= :lo AND path < :hi AND reported_at >= :since)::int AS new,
       (SELECT count(*) FROM cases WHERE prefecture = :prefecture AND path >= :lo AND path < :hi AND settled_at >= :since)::int AS settled,
       (SELECT count(*) FROM cases WHERE prefecture = :prefecture AND path >= :lo AND path < :hi AND is_open(status)
           AND due_at >= :since AND due_at < :now)::int AS overdue,
       (SELECT count(*) FROM cases WHERE prefecture = :prefecture AND path >= :lo AND path < :hi
           AND settled_at >= greatest(CAST(:since AS timestamptz), :month_at))::int - b.undone AS settled_month,
       coalesce((SELECT reported FROM area_day WHERE prefecture = :prefecture AND area_id = :area AND day = CAST(:yesterday AS date)), 0) AS reported_day,
       u.lo AS usual_lo, u.hi AS usual_hi, u.known,
       (SELECT coalesce(json_agg(json_build_array(m.code, m.name, m.was, m.is) ORDER BY m.code), '[]')
          FROM (SELECT DISTINCT a.code, coalesce(a.names ->> :locale, a.name) AS name, h.tier AS was, t.tier AS is
                  FROM tier_change x JOIN tier t ON t.area_id = x.area_id JOIN area a ON a.id = x.area_id
                 CROSS JOIN LATERAL (SELECT tier FROM tier_history WHERE area_id = x.area_id AND evaluated_at < :since
                                      ORDER BY evaluated_at DESC LIMIT 1) h
                 WHERE x.at >= :since AND x.path >= :lo AND x.path < :hi AND h.tier <> t.tier) m) AS moved
  FROM (SELECT coalesce(sum(is_open(e.to_status)::int - coalesce(is_open(e.from_status), false)::int), 0)::int AS open,
               coalesce(sum((e.to_status = 'waiting')::int - coalesce(e.from_status = 'waiting', false)::int), 0)::int AS waiting,
               coalesce(sum(is_to_file(e.to_status)::int - coalesce(is_to_file(e.from_status), false)::int), 0)::int AS to_file
          FROM case_event e JOIN cases c ON c.prefecture = e.prefecture AND c.case_no = e.case_no
         WHERE e.prefecture = :prefecture AND e.at >= :since AND c.path >= :lo AND c.path < :hi) f,
       (SELECT percentile_disc(0.2) WITHIN GROUP (ORDER BY coalesce(d.reported, 0)) AS lo,
               percentile_disc(0.8) WITHIN GROUP (ORDER BY coalesce(d.reported, 0)) AS hi,
               count(d.day) FILTER (WHERE d.reported > 0) AS known
          FROM generate_series(1, 8) AS week
          LEFT JOIN area_day d ON d.prefecture = :prefecture AND d.area_id = :area AND d.day = CAST(:yesterday AS date) - 7 * week) u,
       -- settled this month before that moment, and not so any more: what stood in the month's figure then
       (SELECT count(*)::int AS undone
          FROM (SELECT DISTINCT ON (e.case_no) e.case_no, e.from_status
                  FROM case_event e JOIN cases c ON c.prefecture = e.prefecture AND c.case_no = e.case_no
                 WHERE e.prefecture = :prefecture AND e.at >= :since AND c.path >= :lo AND c.path < :hi
                   AND e.from_status IS DISTINCT FROM e.to_status
                   AND (c.settled_at IS NULL OR c.settled_at >= :since)
                 ORDER BY e.case_no, e.version) f
         WHERE f.from_status IN ('settled', 'visited', 'archived')
           AND (SELECT max(s.at) FROM case_event s WHERE s.prefecture = :prefecture AND s.case_no = f.case_no AND s.at < :since
                   AND s.to_status = 'settled' AND s.from_status IS DISTINCT FROM 'settled') >= :month_at) b
