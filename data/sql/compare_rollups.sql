-- counts of areas that are not those of a recount of the cases (as rebuild_area_counts counts)
WITH zone AS (SELECT deployment_timezone() AS name),
counted AS (
    SELECT a.prefecture, a.id AS area_id, a.leaf, a.ancestor_ids, c.category, c.status,
           (c.reported_at AT TIME ZONE zone.name)::date AS reported, (c.settled_at AT TIME ZONE zone.name)::date AS settled
      FROM cases c JOIN area a ON a.id = c.area_id CROSS JOIN zone
), now_counts AS (
    SELECT n.prefecture, up.id AS area_id, sum(n.open_n) AS open_n, sum(n.waiting_n) AS waiting_n, sum(n.to_file_n) AS to_file_n,
           sum(CASE WHEN up.id = n.area_id AND NOT n.leaf THEN n.open_n ELSE 0 END) AS unlocated_n
      FROM (SELECT prefecture, area_id, leaf, ancestor_ids, count(*) FILTER (WHERE is_open(status)) AS open_n,
                   count(*) FILTER (WHERE status = 'waiting') AS waiting_n, count(*) FILTER (WHERE is_to_file(status)) AS to_file_n
              FROM counted GROUP BY 1, 2, 3, 4) n JOIN area up ON up.id = ANY (n.ancestor_ids)
     GROUP BY 1, 2
), days AS (
    SELECT prefecture, ancestor_ids, category, day, sum(reported) AS reported, sum(settled) AS settled
      FROM (SELECT prefecture, ancestor_ids, category, reported AS day, 1 AS reported, 0 AS settled FROM counted
            UNION ALL SELECT prefecture, ancestor_ids, category, settled, 0, 1 FROM counted WHERE settled IS NOT NULL) d
     GROUP BY 1, 2, 3, 4
), day_counts AS (
    SELECT d.prefecture, up AS area_id, d.day, sum(d.reported) AS reported, sum(d.settled) AS settled
      FROM days d CROSS JOIN unnest(d.ancestor_ids) up GROUP BY 1, 2, 3
), month_counts AS (
    SELECT d.prefecture, up AS area_id, date_trunc('month', d.day)::date AS month, d.category, sum(d.reported) AS reported, sum(d.settled) AS settled
      FROM days d CROSS JOIN unnest(d.ancestor_ids) up GROUP BY 1, 2, 3, 4
), differing AS (
    SELECT coalesce(k.prefecture, n.prefecture) AS prefecture, 'area_count' AS name, coalesce(k.area_id, n.area_id) AS area_id, NULL::date AS day,
           format('%s/%s/%s/%s', k.open_n, k.waiting_n, k.to_file_n, k.unlocated_n) AS kept,
           format('%s/%s/%s/%s', n.open_n, n.waiting_n, n.to_file_n, n.unlocated_n) AS found
      FROM area_count k FULL JOIN now_counts n ON n.prefecture = k.prefecture AND n.area_id = k.area_id
     WHERE (coalesce(k.open_n, 0), coalesce(k.waiting_n, 0), coalesce(k.to_file_n, 0), coalesce(k.unlocated_n, 0))
           <> (coalesce(n.open_n, 0), coalesce(n.waiting_n, 0), coalesce(n.to_file_n, 0), coalesce(n.unlocated_n, 0))
    UNION ALL
    SELECT coalesce(k.prefecture, n.prefecture), 'area_day', coalesce(k.area_id, n.area_id), coalesce(k.day, n.day),
           format('%s/%s', k.reported, k.settled), format('%s/%s', n.reported, n.settled)
      FROM area_day k FULL JOIN day_counts n ON n.prefecture = k.prefecture AND n.area_id = k.area_id AND n.day = k.day
     WHERE (coalesce(k.reported, 0), coalesce(k.settled, 0)) <> (coalesce(n.reported, 0), coalesce(n.settled, 0))
    UNION ALL
    SELECT coalesce(k.prefecture, n.prefecture), 'area_month of ' || coalesce(k.category, n.category), coalesce(k.area_id, n.area_id), coalesce(k.month, n.month),
           format('%s/%s', k.reported, k.settled), format('%s/%s', n.reported, n.settled)
      FROM area_month k FULL JOIN month_counts n ON n.prefecture = k.prefecture AND n.area_id = k.area_id AND n.month = k.month AND n.category = k.category
     WHERE (coalesce(k.reported, 0), coalesce(k.settled, 0)) <> (coalesce(n.reported, 0), coalesce(n.settled, 0))
)
SELECT d.prefecture, d.name, coalesce(a.code, d.area_id::text) AS area, d.day, d.kept, d.found
  FROM differing d LEFT JOIN area a ON a.id = d.area_id ORDER BY 1, 2, 3, 4
