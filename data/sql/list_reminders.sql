-- the prefecture as in list_events.sql
SELECT at, step, level, due_at FROM case_notice WHERE case_no = :case_no AND (CAST(:prefecture AS text) IS NULL OR prefecture = :prefecture)
 ORDER BY at, due_at, array_position(ARRAY['warn', 'leader', 'above'], level)
