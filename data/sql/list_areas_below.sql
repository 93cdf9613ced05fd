-- the step of a path is a code: no climb through the tree
SELECT c.case_no, a.code, a.name FROM cases c
  JOIN area a ON a.code = split_part(c.path, '/', :steps)
 WHERE c.case_no = ANY (CAST(:numbers AS text[])) AND split_part(c.path, '/', :steps) <> ''
