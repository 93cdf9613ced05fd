-- the rows of a measure (`acts`) by unit: cases, those in the numerator, and how long they took
SELECT u.unit, count(*) AS n, count(*) FILTER (WHERE u.good) AS good, array_agg(u.days ORDER BY u.days) FILTER (WHERE u.days IS NOT NULL) AS days
  FROM (SELECT CASE :by WHEN 'area' THEN split_part(m.path, '/', :place) WHEN 'body' THEN coalesce(m.body, 0)::text
                        WHEN 'month' THEN to_char(m.at AT TIME ZONE deployment_timezone(), 'YYYY-MM') ELSE '' END AS unit,
               m.case_no, CASE WHEN :any_act THEN bool_or(m.good) ELSE bool_and(m.good) END AS good, max(m.days) AS days
          FROM acts m GROUP BY 1, 2) u
 GROUP BY 1 ORDER BY 1
