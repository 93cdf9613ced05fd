ALTER TABLE case_claim ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_presence ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON case_claim, case_presence TO gridboard_app;
CREATE POLICY within_scope ON case_claim TO gridboard_app
    USING (path >= (SELECT scope('case_lo')) AND path < (SELECT scope('case_hi')))
    WITH CHECK (path >= (SELECT scope('case_lo')) AND path < (SELECT scope('case_hi')));
CREATE POLICY within_scope ON case_presence TO gridboard_app
    USING (path >= (SELECT scope('case_lo')) AND path < (SELECT scope('case_hi')))
    WITH CHECK (path >= (SELECT scope('case_lo')) AND path < (SELECT scope('case_hi')));

-- Open cases near others of the same kind: `&&` is not leakproof, so under the policy the spatial index could not be used.
-- 0.004 degrees hold 200 m up to 63 degrees of latitude; the exact distance is measured afterwards.
CREATE FUNCTION near_cases(wanted_prefecture text, numbers text[], metres float, days int)
RETURNS TABLE (case_no text, other_no text, distance_m float, alike float)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.case_no, d.case_no, ST_DistanceSphere(c.geom, d.geom), similarity(c.title, d.title)
      FROM cases c
      JOIN cases d ON d.prefecture = c.prefecture AND d.geom && ST_Expand(c.geom, 0.004)
       AND d.status NOT IN ('archived', 'rejected', 'merged')
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
      JOIN cases d ON d.prefecture = c.prefecture AND d.path = c.path AND d.status NOT IN ('archived', 'rejected', 'merged')
     WHERE c.prefecture = wanted_prefecture AND c.case_no = ANY (numbers) AND (c.geom IS NULL OR d.geom IS NULL)
       AND d.case_no <> c.case_no AND d.kind = c.kind AND d.category = c.category
       AND d.reported_at BETWEEN c.reported_at - make_interval(days => days) AND c.reported_at + make_interval(days => days)
       AND c.path >= (SELECT scope('case_lo')) AND c.path < (SELECT scope('case_hi'))
$$;
