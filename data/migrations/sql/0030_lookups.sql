-- Numbers of cases that are found, as before (0022), for a body in half the time: the words of its hits are not carried through a
-- sort, and of a word that many cases have the newest ones are read by time.
CREATE OR REPLACE FUNCTION public.search_cases(wanted_prefecture text, words tsquery[], ending text, near text, most integer)
 RETURNS TABLE(case_no text, rank integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 40
 SET search_path TO 'public', 'pg_temp'
 -- a worker takes longer to start than what it would do
 SET max_parallel_workers_per_gather TO 0
AS $function$
DECLARE
    own int := scope_organisation();
    hi text := scope('case_hi');
    -- where cases are seen by their place, the place is the index's affair; else the row of the case says it
    seen text := CASE WHEN own IS NULL THEN 'true' ELSE format($q$EXISTS (SELECT 1 FROM cases c
        WHERE c.prefecture = %L AND c.case_no = s.case_no AND (c.holder_id = $3 OR c.reporter_id = $3 OR c.responsible_id = $3
              OR c.co_handlers && ARRAY[$3] OR c.left_by && ARRAY[$3]))$q$, wanted_prefecture) END;
    -- that of the whole prefecture is in every row: it would only be read
    place tsquery := CASE WHEN hi NOT IN ('', '~') AND scope('case_lo') <> wanted_prefecture || '/' THEN place_query(last_code(scope('case_lo'))) END;
    wanted tsquery := CASE WHEN cardinality(words) > 0 THEN search_query(words) END;
    narrow tsquery;
    had text[] := '{}';
    fresh text[];
    common int;
    -- the words alone, where the place is so large that its list in the index is longer than theirs
    keyed tsquery;
    wide boolean := false;
BEGIN
    IF own IS NULL AND hi = '' THEN
        RETURN;
    END IF;
    IF ending <> '' THEN
        RETURN QUERY EXECUTE format($q$
            SELECT s.case_no, (s.tail <> $4)::int FROM case_search s
             WHERE s.prefecture = %L AND s.tail >= $4 AND s.tail < $4 || U&'\+10FFFF' AND ($1 IS NULL OR s.words @@ $1) AND (%s)
             ORDER BY 2, s.reported_at DESC LIMIT $2$q$, wanted_prefecture, seen)
        USING place, most, own, ending;
    END IF;
    IF wanted IS NULL THEN
        RETURN;
    END IF;
    IF place IS NOT NULL THEN
        EXECUTE format($q$SELECT count(*) >= 20 FROM (SELECT words FROM case_search WHERE prefecture = %L ORDER BY reported_at DESC LIMIT 400) s
                           WHERE s.words @@ $1$q$, wanted_prefecture) INTO wide USING place;
    END IF;
    keyed := CASE WHEN wide OR place IS NULL THEN wanted ELSE place && wanted END;
    wanted := coalesce(place && wanted, wanted);
    IF own IS NOT NULL THEN
        -- what a body has in hand it finds however old
        EXECUTE format($q$
            SELECT coalesce(array_agg(n.case_no), '{}') FROM (
                SELECT c.case_no FROM cases c JOIN case_search s ON s.prefecture = c.prefecture AND s.case_no = c.case_no
                 WHERE c.prefecture = %L AND c.holder_id = $3 AND is_open(c.status) AND s.words @@ $1
                 ORDER BY c.reported_at DESC LIMIT $2) n$q$, wanted_prefecture)
          INTO had USING wanted, most, own;
        RETURN QUERY SELECT h, 2 FROM unnest(had) WITH ORDINALITY u (h, n) ORDER BY n;
    END IF;
    FOREACH narrow IN ARRAY CASE WHEN near = '' THEN ARRAY[wanted] ELSE ARRAY[place_query(near) && wanted, wanted] END LOOP
        IF own IS NULL THEN
            EXECUTE format($q$
                SELECT coalesce(array_agg(n.case_no), '{}') FROM (
                    SELECT s.case_no FROM (SELECT * FROM case_search WHERE prefecture = %L ORDER BY reported_at DESC LIMIT 4000) s
                     WHERE s.words @@ $1 LIMIT $2) n$q$, wanted_prefecture)
              INTO fresh USING narrow, most;
        ELSE
            EXECUTE format($q$
                WITH hits AS MATERIALIZED (
                    SELECT s.case_no FROM (SELECT * FROM case_search WHERE prefecture = %L ORDER BY reported_at DESC LIMIT 4000) s
                     WHERE s.words @@ $1)
                SELECT (SELECT count(*) FROM hits),
                       coalesce((SELECT array_agg(n.case_no) FROM (SELECT s.case_no FROM hits s WHERE %s LIMIT $2) n), '{}')$q$,
                wanted_prefecture, seen)
              INTO common, fresh USING narrow, most, own;
        END IF;
        IF cardinality(fresh) < most AND own IS NULL THEN
            EXECUTE format($q$
                WITH hits AS MATERIALIZED (SELECT case_no, reported_at FROM case_search
                                            WHERE prefecture = %L AND words @@ $1 AND ($3 IS NULL OR (words @@ $3) IS TRUE))
                SELECT coalesce(array_agg(n.case_no), '{}') FROM (SELECT case_no FROM hits ORDER BY reported_at DESC LIMIT $2) n$q$,
                wanted_prefecture)
              INTO fresh USING CASE WHEN narrow = wanted THEN keyed ELSE place_query(near) && keyed END, most,
                               CASE WHEN wide THEN place END;
        ELSIF cardinality(fresh) < most THEN
            -- a word that one case in fourteen has: its newest ones are found sooner by time than all of them by the index
            EXECUTE format($q$
                WITH %s
                SELECT coalesce(array_agg(n.case_no), '{}') FROM (SELECT s.case_no FROM newest s WHERE %s LIMIT $2) n$q$,
                format(CASE WHEN common >= 280 THEN $q$newest AS MATERIALIZED (
                    SELECT s.case_no FROM (SELECT * FROM case_search WHERE prefecture = %L ORDER BY reported_at DESC OFFSET 0) s
                     WHERE s.words @@ $1 LIMIT 3000)$q$
                ELSE $q$hits AS MATERIALIZED (SELECT case_no, reported_at FROM case_search WHERE prefecture = %L AND words @@ $1),
                    newest AS MATERIALIZED (SELECT case_no FROM hits ORDER BY reported_at DESC LIMIT 3000)$q$ END, wanted_prefecture),
                seen)
              INTO fresh USING narrow, most, own;
        END IF;
        RETURN QUERY SELECT f, 2 FROM unnest(fresh) WITH ORDINALITY u (f, n) WHERE f <> ALL (had) ORDER BY n;
        had := had || fresh;
        EXIT WHEN cardinality(had) >= most;
    END LOOP;
END $function$;

-- Cases that may be the same matter: without a place those of one lowest area. Those that are known by a city alone, hundreds of a
-- category, were all called alike.
CREATE OR REPLACE FUNCTION public.near_cases(wanted_prefecture text, numbers text[], metres double precision, days integer)
 RETURNS TABLE(case_no text, other_no text, distance_m double precision, alike double precision)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
    -- by their numbers: the scope, of which the planner knows nothing, would have it read all cases in it
    WITH asked AS MATERIALIZED (
        SELECT c.* FROM unnest(numbers) u (no)
          JOIN LATERAL (SELECT prefecture, case_no, kind, category, title, reported_at, path, area_id, geom FROM cases
                         WHERE prefecture = wanted_prefecture AND case_no = u.no OFFSET 0) c ON true
         WHERE c.path >= scope('case_lo') AND c.path < scope('case_hi')),
    near AS (
        SELECT c.case_no, d.case_no AS other_no, ST_DistanceSphere(c.geom, d.geom) AS distance_m, similarity(c.title, d.title) AS alike, d.path
          FROM asked c
          JOIN cases d ON d.prefecture = c.prefecture AND d.geom && ST_Expand(c.geom, 0.004)
           AND is_open(d.status)
         WHERE c.geom IS NOT NULL AND d.case_no <> c.case_no AND d.kind = c.kind
           AND d.reported_at BETWEEN c.reported_at - make_interval(days => days) AND c.reported_at + make_interval(days => days)
           AND (d.category = c.category OR similarity(c.title, d.title) > 0.45)
           AND ST_DistanceSphere(c.geom, d.geom) <= metres
        UNION ALL
        SELECT c.case_no, d.case_no, NULL, similarity(c.title, d.title), d.path
          FROM asked c
          JOIN area a ON a.id = c.area_id AND a.leaf
          JOIN cases d ON d.prefecture = c.prefecture AND d.path = c.path AND is_open(d.status)
         WHERE (c.geom IS NULL OR d.geom IS NULL)
           AND d.case_no <> c.case_no AND d.kind = c.kind AND d.category = c.category
           AND d.reported_at BETWEEN c.reported_at - make_interval(days => days) AND c.reported_at + make_interval(days => days)
        OFFSET 0)
    SELECT n.case_no, n.other_no, n.distance_m, n.alike FROM near n
     WHERE n.path >= scope('case_lo') AND n.path < scope('case_hi')
$function$;
