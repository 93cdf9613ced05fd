-- no viewer is listed at a case that they may not see: its place comes from the case itself
INSERT INTO case_presence AS p (prefecture, user_id, tab, case_no, path, seen_at)
SELECT prefecture, :user, :tab, case_no, path, clock_timestamp() FROM cases WHERE case_no = :case_no
ON CONFLICT (prefecture, user_id, tab) DO UPDATE SET case_no = excluded.case_no, path = excluded.path, seen_at = excluded.seen_at
