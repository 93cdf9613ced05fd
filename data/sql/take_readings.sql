-- the counts of areas at past moments (ascending): those of now without what the acts since brought. A case counts where its
-- place is today, so that like is compared with like after boundaries have moved. `late`: overdue cases by moment and area.
WITH moments AS (
    SELECT m.at, m.n FROM unnest(CAST(:moments AS timestamptz[])) WITH ORDINALITY m (at, n)
), acts AS (
    SELECT c.area_id, width_bucket(e.at, CAST(:moments AS timestamptz[])) AS n,
           sum(is_open(e.to_status)::int - coalesce(is_open(e.from_status), false)::int) AS open_n,
           sum((e.to_status = 'waiting')::int - coalesce(e.from_status = 'waiting', false)::int) AS waiting_n,
           sum(is_to_file(e.to_status)::int - coalesce(is_to_file(e.from_status), false)::int) AS to_file_n
      FROM case_event e JOIN cases c ON c.prefecture = e.prefecture AND c.case_no = e.case_no
     WHERE e.prefecture = :prefecture AND e.at >= :first AND e.to_status IS DISTINCT FROM e.from_status
     GROUP BY 1, 2
), brought AS (
    SELECT u.id AS area_id, s.n, sum(s.open_n) AS open_n, sum(s.waiting_n) AS waiting_n, sum(s.to_file_n) AS to_file_n
      FROM acts s JOIN area a ON a.id = s.area_id CROSS JOIN unnest(a.ancestor_ids) u (id)
     GROUP BY 1, 2
), late AS (
    SELECT r.at, u.id AS area_id, sum(r.number) AS overdue_n
      FROM json_to_recordset(CAST(:late AS json)) AS r (at timestamptz, area int, number int)
      JOIN area a ON a.id = r.area CROSS JOIN unnest(a.ancestor_ids) u (id)
     GROUP BY 1, 2
), counts AS (
    SELECT k.area_id, k.path, m.at, k.open_n - coalesce(sum(b.open_n) OVER since, 0) AS open_n,
           k.waiting_n - coalesce(sum(b.waiting_n) OVER since, 0) AS waiting_n,
           k.to_file_n - coalesce(sum(b.to_file_n) OVER since, 0) AS to_file_n
      FROM area_count k CROSS JOIN moments m LEFT JOIN brought b ON b.area_id = k.area_id AND b.n = m.n
     WHERE k.prefecture = :prefecture
    WINDOW since AS (PARTITION BY k.area_id ORDER BY m.n DESC)
)
INSERT INTO area_reading AS t (prefecture, area_id, path, at, open_n, waiting_n, to_file_n, overdue_n)
SELECT :prefecture, c.area_id, c.path, c.at, c.open_n, c.waiting_n, c.to_file_n, l.overdue_n
  FROM counts c
  LEFT JOIN late l ON l.area_id = c.area_id AND l.at = c.at
  LEFT JOIN area_reading o ON o.prefecture = :prefecture AND o.area_id = c.area_id AND o.at = c.at
 WHERE (c.open_n, c.waiting_n, c.to_file_n) <> (0, 0, 0) OR l.overdue_n > 0 OR o.at IS NOT NULL
ON CONFLICT (prefecture, area_id, at) DO UPDATE
    SET path = excluded.path, open_n = excluded.open_n, waiting_n = excluded.waiting_n, to_file_n = excluded.to_file_n,
        overdue_n = coalesce(excluded.overdue_n, t.overdue_n)
