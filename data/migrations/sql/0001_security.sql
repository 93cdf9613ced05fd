-- The application's role owns nothing and sees only what the transaction's settings open to it (data/database.py).
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gridboard_app') THEN
        CREATE ROLE gridboard_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- roles are shared by the databases of a server
END $$;

DO $$ BEGIN
    -- Lets a single owner connection step down with SET ROLE where the deployment gives only one address.
    IF NOT pg_has_role(current_user, 'gridboard_app', 'MEMBER') THEN
        EXECUTE format('GRANT gridboard_app TO %I', current_user);
    END IF;
END $$;

-- Settings are read once a statement: (SELECT scope('lo')) is an init plan, and text comparison is leakproof, so the
-- planner may use the path index under the policy.
CREATE FUNCTION scope(name text) RETURNS text LANGUAGE sql STABLE
AS $$ SELECT coalesce(current_setting('gridboard.' || name, true), '') $$;
CREATE FUNCTION scope_organisation() RETURNS int LANGUAGE sql STABLE
AS $$ SELECT nullif(current_setting('gridboard.organisation', true), '')::int $$;

ALTER TABLE area ENABLE ROW LEVEL SECURITY;
ALTER TABLE area_shape ENABLE ROW LEVEL SECURITY;
ALTER TABLE area_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE area_month ENABLE ROW LEVEL SECURITY;
ALTER TABLE area_day ENABLE ROW LEVEL SECURITY;
ALTER TABLE key_place ENABLE ROW LEVEL SECURITY;
ALTER TABLE tier ENABLE ROW LEVEL SECURITY;
ALTER TABLE tier_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE tier_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['area', 'area_shape', 'area_count', 'area_month', 'area_day', 'key_place',
                                'tier', 'tier_history', 'tier_change'] LOOP
        EXECUTE format('CREATE POLICY within_scope ON %I FOR SELECT TO gridboard_app
            USING (path >= (SELECT scope(''lo'')) AND path < (SELECT scope(''hi'')))', name);
    END LOOP;
END $$;

CREATE POLICY within_scope ON cases FOR SELECT TO gridboard_app USING (
    (path >= (SELECT scope('case_lo')) AND path < (SELECT scope('case_hi')))
    OR holder_id = (SELECT scope_organisation())
    OR reporter_id = (SELECT scope_organisation())
    OR responsible_id = (SELECT scope_organisation()));
CREATE POLICY report ON cases FOR INSERT TO gridboard_app WITH CHECK (version = 1);
CREATE POLICY move ON cases FOR UPDATE TO gridboard_app USING (
    (path >= (SELECT scope('case_lo')) AND path < (SELECT scope('case_hi')))
    OR holder_id = (SELECT scope_organisation())) WITH CHECK (true);

CREATE POLICY within_scope ON case_event FOR SELECT TO gridboard_app USING (
    (path >= (SELECT scope('event_lo')) AND path < (SELECT scope('event_hi')))
    OR ((SELECT scope_organisation()) IS NOT NULL AND EXISTS (
        SELECT 1 FROM cases c WHERE c.prefecture = case_event.prefecture AND c.case_no = case_event.case_no)));
CREATE POLICY append ON case_event FOR INSERT TO gridboard_app WITH CHECK (true);

CREATE POLICY within_scope ON outbox FOR SELECT TO gridboard_app
    USING (path >= (SELECT scope('case_lo')) AND path < (SELECT scope('case_hi')));
CREATE POLICY append ON outbox FOR INSERT TO gridboard_app WITH CHECK (true);

GRANT USAGE ON SCHEMA public TO gridboard_app;
GRANT SELECT ON chain_head, area_level, area, area_shape, area_count, area_month, area_day, base_feature, deployment, category,
    organisation, duty, place_category, key_place, tier, tier_history, tier_change, cases, case_event, outbox, app_user,
    login_session, display, idempotency, case_serial, alembic_version TO gridboard_app;
GRANT INSERT, UPDATE ON cases, idempotency, case_serial TO gridboard_app;
GRANT INSERT ON case_event, outbox TO gridboard_app;
GRANT INSERT, UPDATE, DELETE ON login_session TO gridboard_app;
GRANT UPDATE (locale, password_hash) ON app_user TO gridboard_app;

-- Doors through row level security, each with its own check: `&&` and ST_Covers are not leakproof, so under a policy
-- they could not use the spatial index; open load counts all of a body's cases and tells only the number.
CREATE FUNCTION area_tile(wanted text, zoom_band int, z int, x int, y int) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ST_AsMVT(t, wanted, 4096, 'geom', 'id') FROM (
        SELECT s.area_id AS id, s.code, ST_AsMVTGeom(s.geom, b.box, 4096, 64, true) AS geom
          FROM area_shape s, (SELECT ST_TileEnvelope(z, x, y) AS box) b
         WHERE s.level = wanted AND s.band = zoom_band
           AND s.geom && ST_Expand(b.box, (ST_XMax(b.box) - ST_XMin(b.box)) / 64)
           AND s.path >= (SELECT scope('lo')) AND s.path < (SELECT scope('hi'))
    ) t WHERE t.geom IS NOT NULL
$$;

-- The deepest area of the viewer's scope that covers a point (WGS84); on a shared border the one with the lower code.
-- Parameters are not named lon, lat: a column's name would win.
CREATE FUNCTION locate(at_lon float, at_lat float) RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM area
     WHERE ST_Intersects(geom, ST_SetSRID(ST_MakePoint(at_lon, at_lat), 4326))
       AND path >= (SELECT scope('lo')) AND path < (SELECT scope('hi'))
     ORDER BY depth DESC, code LIMIT 1
$$;

-- How many cases are late below each area of one level: a count for whoever may see the map, also where cases are closed to it.
CREATE FUNCTION overdue_below(wanted_prefecture text, lo text, hi text, rung int, at timestamptz)
RETURNS TABLE (area_id int, overdue bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.ancestor_ids[rung], count(*)
      FROM cases c JOIN area a ON a.id = c.area_id
     WHERE c.prefecture = wanted_prefecture AND c.path >= greatest(lo, (SELECT scope('lo')) COLLATE "C")
       AND c.path < least(hi, (SELECT scope('hi')) COLLATE "C")
       AND c.due_at < at AND c.status NOT IN ('archived', 'rejected', 'merged')
     GROUP BY 1
$$;

-- The same for one area, with the moment at which the next case becomes late.
CREATE FUNCTION overdue_in(wanted_prefecture text, lo text, hi text, at timestamptz, OUT overdue bigint, OUT next_due_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FILTER (WHERE due_at < at), min(due_at) FILTER (WHERE due_at >= at)
      FROM cases
     WHERE prefecture = wanted_prefecture AND path >= greatest(lo, (SELECT scope('lo')) COLLATE "C")
       AND path < least(hi, (SELECT scope('hi')) COLLATE "C")
       AND due_at IS NOT NULL AND status NOT IN ('archived', 'rejected', 'merged')
$$;

CREATE FUNCTION open_load(wanted_prefecture text, body int) RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*)::int FROM cases WHERE prefecture = wanted_prefecture AND holder_id = body
       AND status IN ('dispatched', 'signed', 'handling', 'paused')
$$;
