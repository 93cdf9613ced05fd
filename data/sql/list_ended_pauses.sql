-- longest over first
SELECT case_no, version FROM cases WHERE status = 'paused' AND paused_until <= :now ORDER BY paused_until, case_no LIMIT :limit
