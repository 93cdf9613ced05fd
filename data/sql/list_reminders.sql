SELECT at, step, level, due_at FROM case_notice WHERE case_no = :case_no
 ORDER BY at, due_at, array_position(ARRAY['warn', 'leader', 'above'], level)
