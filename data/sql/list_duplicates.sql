-- through a function: the spatial index is of no use under row level security
SELECT n.case_no, n.other_no, n.distance_m, n.alike FROM near_cases(:prefecture, CAST(:numbers AS text[]), :metres, :days) n
 ORDER BY n.case_no, n.alike DESC, n.distance_m NULLS LAST, n.other_no DESC
