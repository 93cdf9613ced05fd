-- the step of a path is a code: no climb through the tree. Each number by itself: with `= ANY` the planner, which knows nothing of
-- the scope, reads all cases in it
SELECT c.case_no, a.code, a.name
  FROM unnest(CAST(:numbers AS text[])) asked (no)
  JOIN LATERAL (SELECT case_no, split_part(path, '/', :steps) AS code FROM cases
                 WHERE prefecture = :prefecture AND case_no = asked.no OFFSET 0) c ON c.code <> ''
  JOIN LATERAL (SELECT code, coalesce(names ->> :locale, name) AS name FROM area WHERE area.code = c.code OFFSET 0) a ON true
