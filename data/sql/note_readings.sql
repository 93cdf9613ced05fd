-- that was known once stays so
INSERT INTO reading_moment AS t (prefecture, at, overdue_known)
SELECT :prefecture, m.at, m.at = ANY (CAST(:followed AS timestamptz[])) FROM unnest(CAST(:moments AS timestamptz[])) m (at)
ON CONFLICT (prefecture, at) DO UPDATE SET stale = false, overdue_known = t.overdue_known OR excluded.overdue_known
