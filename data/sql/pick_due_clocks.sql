-- another scheduler's cases are left to it
SELECT case_no FROM cases
 WHERE notify_at <= :now AND notify_at IS NOT NULL AND is_open(status)
 ORDER BY notify_at, case_no LIMIT :limit FOR UPDATE SKIP LOCKED
