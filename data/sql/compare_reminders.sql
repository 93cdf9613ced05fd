-- reminders that the chain does not know, and those of the chain that are gone or are others now
WITH recorded AS (
    SELECT s.prefecture, s.case_no, t.notice, count(*) AS times
      FROM case_seal s CROSS JOIN LATERAL jsonb_array_elements(s.details::jsonb -> 'notices') AS t (notice)
     WHERE s.details ->> 'notices' IS NOT NULL GROUP BY 1, 2, 3
), present AS (
    SELECT n.prefecture, n.case_no, notice_text(n) AS notice FROM case_notice n
)
SELECT coalesce(r.prefecture, p.prefecture) AS prefecture, coalesce(r.case_no, p.case_no) AS case_no,
       coalesce(r.notice, p.notice) ->> 'step' AS step, coalesce(r.notice, p.notice) ->> 'level' AS level,
       coalesce(r.notice, p.notice) ->> 'at' AS at, r.times IS NULL AS unknown
  FROM recorded r FULL JOIN present p ON p.prefecture = r.prefecture AND p.case_no = r.case_no AND p.notice = r.notice
 WHERE r.times IS NULL OR p.notice IS NULL
 ORDER BY 1, 2, 5
