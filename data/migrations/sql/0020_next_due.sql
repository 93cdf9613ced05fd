-- The next case to become late: in a prefecture or county it is among the first in the order of deadlines; in a smaller area
-- thousands of others may come before it, so there the deadlines of the area's own cases are read (`+ interval '0'` keeps the
-- planner from the order of all).
CREATE OR REPLACE FUNCTION overdue_in(wanted_prefecture text, lo text, hi text, at timestamptz, OUT overdue bigint, OUT next_due_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first text := greatest(lo COLLATE "C", scope('lo'));
    wide boolean := length(first) - length(replace(first, '/', '')) <= 2;
BEGIN
    EXECUTE format($q$
        SELECT (SELECT count(*) FROM cases WHERE prefecture = %1$L AND path >= $1 AND path < $2
                   AND due_at < $3 AND status NOT IN ('archived', 'rejected', 'merged')),
               (SELECT min(%2$s) FROM cases WHERE prefecture = %1$L AND path >= $1 AND path < $2
                   AND due_at >= $3 AND status NOT IN ('archived', 'rejected', 'merged'))$q$,
        wanted_prefecture, CASE WHEN wide THEN 'due_at' ELSE 'due_at + interval ''0''' END)
       INTO overdue, next_due_at
      USING first, least(hi COLLATE "C", scope('hi')), at;
END $$;
