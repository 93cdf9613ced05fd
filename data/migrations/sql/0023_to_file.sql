-- The sets of rules/cases.py: OPEN until the settlement, TO_FILE until the archive, UNCLOSED both. A query that says is_open reads
-- the partial indexes below: PostgreSQL puts the function's text in its place before it looks for an index.
CREATE OR REPLACE FUNCTION is_open(status text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT status IN ('reported', 'accepted', 'waiting', 'dispatched', 'signed', 'handling', 'paused') $$;
CREATE FUNCTION is_to_file(status text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT status IN ('settled', 'visited') $$;
CREATE FUNCTION is_unclosed(status text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT status NOT IN ('archived', 'rejected', 'merged') $$;

ALTER TABLE area_count ADD COLUMN to_file_n integer NOT NULL DEFAULT 0;
ALTER TABLE area_count ALTER COLUMN to_file_n DROP DEFAULT;

-- Runs at commit, after the event took the world's lock: the few hot rows are held for the shortest time and in one order.
CREATE OR REPLACE FUNCTION fold_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    zone text := deployment_timezone();
BEGIN
    INSERT INTO area_count AS t (prefecture, area_id, path, open_n, waiting_n, to_file_n, unlocated_n)
    SELECT up.prefecture, up.id, up.path, sum(s.sign * s.open), sum(s.sign * s.waiting), sum(s.sign * s.to_file),
           sum(s.sign * s.open * (up.id = a.id AND NOT a.leaf)::int)
      FROM (SELECT sign, c.area_id, is_open(status)::int AS open, (status = 'waiting')::int AS waiting, is_to_file(status)::int AS to_file
              FROM case_sides(TG_OP, OLD, NEW) c) s
      JOIN area a ON a.id = s.area_id JOIN area up ON up.id = ANY (a.ancestor_ids)
     GROUP BY up.prefecture, up.id, up.path
    HAVING (sum(s.sign * s.open), sum(s.sign * s.waiting), sum(s.sign * s.to_file), sum(s.sign * s.open * (up.id = a.id AND NOT a.leaf)::int))
           <> (0, 0, 0, 0)
     ORDER BY up.id
    ON CONFLICT (prefecture, area_id) DO UPDATE SET open_n = t.open_n + excluded.open_n, waiting_n = t.waiting_n + excluded.waiting_n,
        to_file_n = t.to_file_n + excluded.to_file_n, unlocated_n = t.unlocated_n + excluded.unlocated_n;

    INSERT INTO area_month AS t (prefecture, area_id, path, month, category, reported, settled)
    SELECT up.prefecture, up.id, up.path, date_trunc('month', d.at AT TIME ZONE zone)::date, s.category,
           sum(s.sign * d.reported), sum(s.sign * d.settled)
      FROM case_sides(TG_OP, OLD, NEW) s
      CROSS JOIN LATERAL (VALUES (s.reported_at, 1, 0), (s.settled_at, 0, 1)) d (at, reported, settled)
      JOIN area a ON a.id = s.area_id JOIN area up ON up.id = ANY (a.ancestor_ids)
     WHERE d.at IS NOT NULL
     GROUP BY 1, 2, 3, 4, 5
    HAVING sum(s.sign * d.reported) <> 0 OR sum(s.sign * d.settled) <> 0
     ORDER BY 2, 4, 5
    ON CONFLICT (prefecture, area_id, month, category) DO UPDATE
        SET reported = t.reported + excluded.reported, settled = t.settled + excluded.settled;

    INSERT INTO area_day AS t (prefecture, area_id, path, day, reported, settled)
    SELECT up.prefecture, up.id, up.path, (d.at AT TIME ZONE zone)::date,
           sum(s.sign * d.reported), sum(s.sign * d.settled)
      FROM case_sides(TG_OP, OLD, NEW) s
      CROSS JOIN LATERAL (VALUES (s.reported_at, 1, 0), (s.settled_at, 0, 1)) d (at, reported, settled)
      JOIN area a ON a.id = s.area_id JOIN area up ON up.id = ANY (a.ancestor_ids)
     WHERE d.at IS NOT NULL
     GROUP BY 1, 2, 3, 4
    HAVING sum(s.sign * d.reported) <> 0 OR sum(s.sign * d.settled) <> 0
     ORDER BY 2, 4
    ON CONFLICT (prefecture, area_id, day) DO UPDATE
        SET reported = t.reported + excluded.reported, settled = t.settled + excluded.settled;
    RETURN NULL;
END $$;

-- The cases of this moment by area, subtree included.
CREATE FUNCTION count_now(wanted text)
RETURNS TABLE (area_id int, path text, open_n bigint, waiting_n bigint, to_file_n bigint, unlocated_n bigint) LANGUAGE sql STABLE AS $$
    SELECT up.id, up.path, sum(n.open_n)::bigint, sum(n.waiting_n)::bigint, sum(n.to_file_n)::bigint,
           sum(CASE WHEN up.id = n.area_id AND NOT n.leaf THEN n.open_n ELSE 0 END)::bigint
      FROM (SELECT c.area_id, a.leaf, a.ancestor_ids, count(*) FILTER (WHERE is_open(c.status)) AS open_n,
                   count(*) FILTER (WHERE c.status = 'waiting') AS waiting_n, count(*) FILTER (WHERE is_to_file(c.status)) AS to_file_n
              FROM cases c JOIN area a ON a.id = c.area_id WHERE c.prefecture = wanted GROUP BY 1, 2, 3) n
      JOIN area up ON up.id = ANY (n.ancestor_ids)
     GROUP BY up.id, up.path
$$;

-- Counts everything again from the cases: after a bulk load, a changed time zone, a moved boundary.
CREATE OR REPLACE FUNCTION rebuild_area_counts(wanted text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    zone text := deployment_timezone();
BEGIN
    DELETE FROM area_count WHERE prefecture = wanted;
    DELETE FROM area_month WHERE prefecture = wanted;
    DELETE FROM area_day WHERE prefecture = wanted;
    INSERT INTO area_count (prefecture, area_id, path, open_n, waiting_n, to_file_n, unlocated_n)
    SELECT wanted, n.* FROM count_now(wanted) n;
    INSERT INTO area_day (prefecture, area_id, path, day, reported, settled)
    SELECT wanted, up.id, up.path, n.day, sum(n.reported), sum(n.settled)
      FROM (SELECT a.ancestor_ids, (d.at AT TIME ZONE zone)::date AS day, sum(d.reported) AS reported, sum(d.settled) AS settled
              FROM cases c JOIN area a ON a.id = c.area_id
              CROSS JOIN LATERAL (VALUES (c.reported_at, 1, 0), (c.settled_at, 0, 1)) d (at, reported, settled)
             WHERE c.prefecture = wanted AND d.at IS NOT NULL GROUP BY 1, 2) n
      JOIN area up ON up.id = ANY (n.ancestor_ids)
     GROUP BY 1, 2, 3, 4;
    INSERT INTO area_month (prefecture, area_id, path, month, category, reported, settled)
    SELECT wanted, up.id, up.path, n.month, n.category, sum(n.reported), sum(n.settled)
      FROM (SELECT a.ancestor_ids, date_trunc('month', d.at AT TIME ZONE zone)::date AS month, c.category,
                   sum(d.reported) AS reported, sum(d.settled) AS settled
              FROM cases c JOIN area a ON a.id = c.area_id
              CROSS JOIN LATERAL (VALUES (c.reported_at, 1, 0), (c.settled_at, 0, 1)) d (at, reported, settled)
             WHERE c.prefecture = wanted AND d.at IS NOT NULL GROUP BY 1, 2, 3) n
      JOIN area up ON up.id = ANY (n.ancestor_ids)
     GROUP BY 1, 2, 3, 4, 5;
    -- numbering goes on after the numbers that came with the cases
    INSERT INTO case_serial (prefecture, prefix, last)
    SELECT wanted, left(case_no, -6), max(right(case_no, 5)::int) FROM cases
     WHERE prefecture = wanted AND case_no ~ '^[0-9]{8}-.+-[0-9]{5}$' GROUP BY 2
    ON CONFLICT (prefecture, prefix) DO UPDATE SET last = greatest(case_serial.last, excluded.last);
END $$;

-- What a display is shown of cases. It sees none of the rows, so no reader of a table can show it one by mistake.
CREATE OR REPLACE FUNCTION presence_in(wanted_prefecture text, lo text, hi text)
RETURNS TABLE (lon float, lat float, kind text, severity text, status text, due_at bigint, reported_at bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.lon, c.lat, c.kind, c.severity, c.status, extract(epoch FROM c.due_at)::bigint, extract(epoch FROM c.reported_at)::bigint
      FROM cases c
     WHERE c.prefecture = wanted_prefecture AND c.path >= greatest(lo, (SELECT scope('lo')) COLLATE "C")
       AND c.path < least(hi, (SELECT scope('hi')) COLLATE "C")
       AND c.lon IS NOT NULL AND is_open(c.status)
     ORDER BY c.lon, c.lat
$$;

-- Open cases near others of the same kind: `&&` is not leakproof, so under the policy the spatial index could not be used.
-- 0.004 degrees hold 200 m up to 63 degrees of latitude; the exact distance is measured afterwards.
CREATE OR REPLACE FUNCTION near_cases(wanted_prefecture text, numbers text[], metres float, days int)
RETURNS TABLE (case_no text, other_no text, distance_m float, alike float)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.case_no, d.case_no, ST_DistanceSphere(c.geom, d.geom), similarity(c.title, d.title)
      FROM cases c
      JOIN cases d ON d.prefecture = c.prefecture AND d.geom && ST_Expand(c.geom, 0.004)
       AND is_open(d.status)
     WHERE c.prefecture = wanted_prefecture AND c.case_no = ANY (numbers) AND c.geom IS NOT NULL
       AND d.case_no <> c.case_no AND d.kind = c.kind
       AND d.reported_at BETWEEN c.reported_at - make_interval(days => days) AND c.reported_at + make_interval(days => days)
       AND (d.category = c.category OR similarity(c.title, d.title) > 0.45)
       AND ST_DistanceSphere(c.geom, d.geom) <= metres
       AND c.path >= (SELECT scope('case_lo')) AND c.path < (SELECT scope('case_hi'))
       AND d.path >= (SELECT scope('case_lo')) AND d.path < (SELECT scope('case_hi'))
    UNION ALL
    SELECT c.case_no, d.case_no, NULL, similarity(c.title, d.title)
      FROM cases c
      JOIN cases d ON d.prefecture = c.prefecture AND d.path = c.path AND is_open(d.status)
     WHERE c.prefecture = wanted_prefecture AND c.case_no = ANY (numbers) AND (c.geom IS NULL OR d.geom IS NULL)
       AND d.case_no <> c.case_no AND d.kind = c.kind AND d.category = c.category
       AND d.reported_at BETWEEN c.reported_at - make_interval(days => days) AND c.reported_at + make_interval(days => days)
       AND c.path >= (SELECT scope('case_lo')) AND c.path < (SELECT scope('case_hi'))
$$;

CREATE OR REPLACE FUNCTION overdue_below(wanted_prefecture text, lo text, hi text, rung int, at timestamptz)
RETURNS TABLE (area_id int, overdue bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format($q$
        SELECT a.ancestor_ids[$3], count(*)
          FROM cases c JOIN area a ON a.id = c.area_id
         WHERE c.prefecture = %L AND c.path >= $1 AND c.path < $2
           AND c.due_at < $4 AND is_open(c.status)
         GROUP BY 1$q$, wanted_prefecture)
      USING greatest(lo COLLATE "C", scope('lo')), least(hi COLLATE "C", scope('hi')), rung, at;
END $$;

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
                   AND due_at < $3 AND is_open(status)),
               (SELECT min(%2$s) FROM cases WHERE prefecture = %1$L AND path >= $1 AND path < $2
                   AND due_at >= $3 AND is_open(status))$q$,
        wanted_prefecture, CASE WHEN wide THEN 'due_at' ELSE 'due_at + interval ''0''' END)
       INTO overdue, next_due_at
      USING first, least(hi COLLATE "C", scope('hi')), at;
END $$;

-- What a body has in hand, as its search finds it however old, ends with the settlement too.
DO $$
BEGIN
    EXECUTE replace(pg_get_functiondef('search_cases(text, tsquery[], text, text, int)'::regprocedure),
                    'c.status NOT IN (''archived'', ''rejected'', ''merged'')', 'is_open(c.status)');
END $$;

-- The indexes of open cases without the settled ones; those to be filed by place, and in the order of their list.
DROP INDEX ix_cases_open_path, ix_cases_open_due, ix_cases_open_sorted, ix_cases_holder_open, ix_cases_notify, ix_cases_open_geom;
CREATE INDEX ix_cases_open_path ON cases (prefecture, path, due_at)
    WHERE status IN ('reported', 'accepted', 'waiting', 'dispatched', 'signed', 'handling', 'paused');
CREATE INDEX ix_cases_open_due ON cases (prefecture, due_at, case_no)
    WHERE status IN ('reported', 'accepted', 'waiting', 'dispatched', 'signed', 'handling', 'paused');
CREATE INDEX ix_cases_open_sorted ON cases (prefecture, coalesce(due_at, 'infinity'::timestamptz), case_no)
    WHERE status IN ('reported', 'accepted', 'waiting', 'dispatched', 'signed', 'handling', 'paused');
CREATE INDEX ix_cases_holder_open ON cases (prefecture, holder_id)
    WHERE status IN ('reported', 'accepted', 'waiting', 'dispatched', 'signed', 'handling', 'paused');
CREATE INDEX ix_cases_notify ON cases (notify_at)
    WHERE notify_at IS NOT NULL AND status IN ('reported', 'accepted', 'waiting', 'dispatched', 'signed', 'handling', 'paused');
CREATE INDEX ix_cases_open_geom ON cases USING gist (geom)
    WHERE status IN ('reported', 'accepted', 'waiting', 'dispatched', 'signed', 'handling', 'paused');
CREATE INDEX ix_cases_to_file_path ON cases (prefecture, path, settled_at) WHERE status IN ('settled', 'visited');
CREATE INDEX ix_cases_to_file_sorted ON cases (prefecture, coalesce(settled_at, 'infinity'::timestamptz), case_no)
    WHERE status IN ('settled', 'visited');

-- Where no case is now the counts are 0 already.
UPDATE area_count k SET open_n = n.open_n, to_file_n = n.to_file_n, unlocated_n = n.unlocated_n
  FROM chain_head h CROSS JOIN LATERAL count_now(h.prefecture) n
 WHERE k.prefecture = h.prefecture AND k.area_id = n.area_id;
