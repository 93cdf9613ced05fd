-- The world's order, the trace's chain, the roll-ups and who may see what: everything that must hold whoever writes.
CREATE SEQUENCE world_seq;

CREATE FUNCTION is_open(status text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT status NOT IN ('archived', 'rejected', 'merged') $$;

CREATE FUNCTION deployment_timezone() RETURNS text LANGUAGE sql STABLE
AS $$ SELECT coalesce((SELECT value #>> '{}' FROM deployment WHERE key = 'timezone'), 'UTC') $$;

-- A prefecture's partitions. Names are hashed where a code is no plain identifier.
CREATE FUNCTION create_prefecture(code text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    suffix text := CASE WHEN code ~ '^[a-z0-9_]{1,40}$' THEN code ELSE md5(code) END;
    parent text;
BEGIN
    FOREACH parent IN ARRAY ARRAY['cases', 'case_event', 'outbox'] LOOP
        EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES IN (%L)',
                       parent || '_p_' || suffix, parent, code);
    END LOOP;
    INSERT INTO chain_head (prefecture, seq, hash) VALUES (code, 0, '\x') ON CONFLICT DO NOTHING;
END $$;

-- What an event's hash covers. Python's twin is data/audit/trace.py.
CREATE FUNCTION event_text(e case_event) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(E'\x1f', e.prefecture, e.seq::text, e.case_no,
        (extract(epoch FROM e.at) * 1000000)::bigint::text, e.act, e.role,
        coalesce(e.user_id::text, ''), coalesce(e.by_organisation_id::text, ''),
        coalesce(e.from_status, ''), e.to_status,
        coalesce(e.from_organisation_id::text, ''), coalesce(e.to_organisation_id::text, ''),
        coalesce(e.reason, ''), e.details::text, e.version::text, e.path)
$$;

-- A sequence hands out numbers before commit: without this lock, held to the end of the transaction, a reader that has
-- passed number 8 would never see number 7 commit. Everything numbered takes the same lock.
CREATE FUNCTION next_in_world() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7411);
    RETURN nextval('world_seq');
END $$;

CREATE FUNCTION number_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.seq := next_in_world();
    SELECT hash INTO STRICT NEW.prev_hash FROM chain_head WHERE prefecture = NEW.prefecture FOR UPDATE;
    NEW.hash := sha256(NEW.prev_hash || convert_to(event_text(NEW), 'UTF8'));
    UPDATE chain_head SET seq = NEW.seq, hash = NEW.hash WHERE prefecture = NEW.prefecture;
    PERFORM pg_notify('gridboard', NEW.seq::text);
    RETURN NEW;
END $$;

CREATE FUNCTION number_tier_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.seq := next_in_world();
    PERFORM pg_notify('gridboard', NEW.seq::text);
    RETURN NEW;
END $$;

-- Loaders of the owner number and chain in bulk (data/bulk.py); the application's role never can.
CREATE TRIGGER number_event BEFORE INSERT ON case_event FOR EACH ROW
    WHEN (current_setting('gridboard.bulk', true) IS DISTINCT FROM 'on' OR current_user = 'gridboard_app')
    EXECUTE FUNCTION number_event();
CREATE TRIGGER number_tier_change BEFORE INSERT ON tier_change FOR EACH ROW EXECUTE FUNCTION number_tier_change();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trace is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON case_event FOR EACH ROW
    WHEN (current_user = 'gridboard_app') EXECUTE FUNCTION refuse_change();

-- What a case counted for before (-1) and counts for now (+1).
CREATE FUNCTION case_sides(op text, before cases, after cases)
RETURNS TABLE (sign int, area_id int, status text, category text, reported_at timestamptz, settled_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT -1, before.area_id, before.status, before.category, before.reported_at, before.settled_at WHERE op <> 'INSERT'
    UNION ALL
    SELECT 1, after.area_id, after.status, after.category, after.reported_at, after.settled_at WHERE op <> 'DELETE'
$$;

-- Runs at commit, after the event took the world's lock: the few hot rows are held for the shortest time and in one order.
CREATE FUNCTION fold_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    zone text := deployment_timezone();
BEGIN
    INSERT INTO area_count AS t (prefecture, area_id, path, open_n, waiting_n, unlocated_n)
    SELECT up.prefecture, up.id, up.path,
           sum(s.sign * is_open(s.status)::int), sum(s.sign * (s.status = 'waiting')::int),
           sum(s.sign * (is_open(s.status) AND up.id = a.id AND NOT a.leaf)::int)
      FROM case_sides(TG_OP, OLD, NEW) s JOIN area a ON a.id = s.area_id JOIN area up ON up.id = ANY (a.ancestor_ids)
     GROUP BY up.prefecture, up.id, up.path
    HAVING sum(s.sign * is_open(s.status)::int) <> 0 OR sum(s.sign * (s.status = 'waiting')::int) <> 0
        OR sum(s.sign * (is_open(s.status) AND up.id = a.id AND NOT a.leaf)::int) <> 0
     ORDER BY up.id
    ON CONFLICT (prefecture, area_id) DO UPDATE SET open_n = t.open_n + excluded.open_n,
        waiting_n = t.waiting_n + excluded.waiting_n, unlocated_n = t.unlocated_n + excluded.unlocated_n;

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

-- Counts everything again from the cases: after a bulk load, a changed time zone, a moved boundary.
CREATE FUNCTION rebuild_rollups(wanted text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    zone text := deployment_timezone();
BEGIN
    DELETE FROM area_count WHERE prefecture = wanted;
    DELETE FROM area_month WHERE prefecture = wanted;
    DELETE FROM area_day WHERE prefecture = wanted;
    INSERT INTO area_count (prefecture, area_id, path, open_n, waiting_n, unlocated_n)
    SELECT wanted, up.id, up.path, sum(n.open_n), sum(n.waiting_n), sum(CASE WHEN up.id = n.area_id AND NOT n.leaf THEN n.open_n ELSE 0 END)
      FROM (SELECT c.area_id, a.leaf, a.ancestor_ids, count(*) FILTER (WHERE is_open(c.status)) AS open_n,
                   count(*) FILTER (WHERE c.status = 'waiting') AS waiting_n
              FROM cases c JOIN area a ON a.id = c.area_id WHERE c.prefecture = wanted GROUP BY 1, 2, 3) n
      JOIN area up ON up.id = ANY (n.ancestor_ids)
     GROUP BY up.id, up.path;
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

CREATE CONSTRAINT TRIGGER fold_case AFTER INSERT OR UPDATE OR DELETE ON cases DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (current_setting('gridboard.bulk', true) IS DISTINCT FROM 'on' OR current_user = 'gridboard_app')
    EXECUTE FUNCTION fold_case();
