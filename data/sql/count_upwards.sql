-- what live events tell: the counts of the areas at these paths and of all above them, each area once
WITH today AS MATERIALIZED (
    SELECT (CAST(:now AS timestamptz) AT TIME ZONE deployment_timezone())::date AS day
), wanted AS MATERIALIZED (
    SELECT DISTINCT up.id, up.code, up.path, up.prefecture
      FROM unnest(CAST(:paths AS text[])) p (path)
     -- one look-up a row, as in join_case.sql
     CROSS JOIN LATERAL (SELECT ancestor_ids FROM area WHERE area.path = p.path OFFSET 0) a
     CROSS JOIN LATERAL unnest(a.ancestor_ids) u (id)
     CROSS JOIN LATERAL (SELECT id, code, path, prefecture FROM area WHERE area.id = u.id OFFSET 0) up
), late AS MATERIALIZED (
    SELECT c.path
      FROM (SELECT DISTINCT prefecture FROM wanted) w
      JOIN cases c ON c.prefecture = w.prefecture
     WHERE c.due_at < :now AND is_open(c.status)
)
SELECT w.code, w.path, coalesce(n.open_n, 0) AS open, coalesce(n.waiting_n, 0) AS waiting,
       coalesce(n.to_file_n, 0) AS to_file, coalesce(n.unlocated_n, 0) AS unlocated,
       coalesce((SELECT sum(d.settled) FROM area_day d
                  WHERE d.prefecture = w.prefecture AND d.area_id = w.id AND d.day >= date_trunc('month', t.day)::date
                    AND d.day < (date_trunc('month', t.day) + interval '1 month')::date), 0)::int AS settled_month,
       coalesce((SELECT d.reported FROM area_day d
                  WHERE d.prefecture = w.prefecture AND d.area_id = w.id AND d.day = t.day), 0) AS new_today,
       (SELECT count(*) FROM late WHERE late.path >= w.path AND late.path < left(w.path, -1) || '0') AS overdue
  FROM wanted w
 CROSS JOIN today t
  LEFT JOIN LATERAL (SELECT open_n, waiting_n, to_file_n, unlocated_n FROM area_count
                      WHERE area_count.prefecture = w.prefecture AND area_count.area_id = w.id OFFSET 0) n ON true
