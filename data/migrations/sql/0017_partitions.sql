-- With a hundred prefectures a statement must be planned for one: the planner leaves the other partitions out where it reads
-- the prefecture as a constant. So the prefecture is written into the statement, and only the rest are parameters.
CREATE OR REPLACE FUNCTION overdue_in(wanted_prefecture text, lo text, hi text, at timestamptz, OUT overdue bigint, OUT next_due_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- two questions: each reads as little of an index as it needs, one of them of all that is open
    EXECUTE format($q$
        SELECT (SELECT count(*) FROM cases WHERE prefecture = %1$L AND path >= $1 AND path < $2
                   AND due_at < $3 AND status NOT IN ('archived', 'rejected', 'merged')),
               (SELECT min(due_at) FROM cases WHERE prefecture = %1$L AND path >= $1 AND path < $2
                   AND due_at >= $3 AND status NOT IN ('archived', 'rejected', 'merged'))$q$, wanted_prefecture)
       INTO overdue, next_due_at
      USING greatest(lo COLLATE "C", scope('lo')), least(hi COLLATE "C", scope('hi')), at;
END $$;

CREATE OR REPLACE FUNCTION overdue_below(wanted_prefecture text, lo text, hi text, rung int, at timestamptz)
RETURNS TABLE (area_id int, overdue bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format($q$
        SELECT a.ancestor_ids[$3], count(*)
          FROM cases c JOIN area a ON a.id = c.area_id
         WHERE c.prefecture = %L AND c.path >= $1 AND c.path < $2
           AND c.due_at < $4 AND c.status NOT IN ('archived', 'rejected', 'merged')
         GROUP BY 1$q$, wanted_prefecture)
      USING greatest(lo COLLATE "C", scope('lo')), least(hi COLLATE "C", scope('hi')), rung, at;
END $$;

CREATE OR REPLACE FUNCTION open_load(wanted_prefecture text, body int) RETURNS int
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    held int;
BEGIN
    EXECUTE format($q$SELECT count(*)::int FROM cases WHERE prefecture = %L AND holder_id = $1
                         AND status IN ('dispatched', 'signed', 'handling', 'paused')$q$, wanted_prefecture)
       INTO held USING body;
    RETURN held;
END $$;

-- Whether the case of an event is one that the viewer sees: looked into only where the place of the event does not tell. In the
-- policy itself it would be planned, over all partitions, with every statement about events.
CREATE FUNCTION sees_case(wanted_prefecture text, number text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    seen boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM cases WHERE prefecture = %L AND case_no = $1)', wanted_prefecture)
       INTO seen USING number;
    RETURN seen;
END $$;
ALTER POLICY within_scope ON case_event USING (
    (path >= (SELECT scope('event_lo')) AND path < (SELECT scope('event_hi')))
    OR (((SELECT scope_organisation()) IS NOT NULL OR (SELECT scope('event_hi')) <> '') AND sees_case(prefecture, case_no)));
ALTER POLICY within_scope ON case_notice USING (
    (path >= (SELECT scope('event_lo')) AND path < (SELECT scope('event_hi')))
    OR ((SELECT scope_organisation()) IS NOT NULL AND sees_case(prefecture, case_no)));
