-- The facts of a case in a chain of their own: what each act, each reminder and each new deadline left in the row of the case.
-- A value stands there as a digest with the case's own salt, so that a short title cannot be guessed from it.

-- Derived columns are left out: verification compares them with the area and the bodies whose paths they are.
-- The place goes in as its bytes: as part of the row, jsonb would hold it as GeoJSON, at twice the time of all the rest.
CREATE FUNCTION case_marks(c cases) RETURNS jsonb LANGUAGE plpgsql STABLE
SET timezone = 'UTC' SET extra_float_digits = 1 SET bytea_output = 'hex' SET search_path = public, pg_temp AS $$
DECLARE
    place text := encode(ST_AsEWKB(c.geom), 'hex');
BEGIN
    c.geom := NULL;
    RETURN (
        SELECT jsonb_object_agg(key, encode(substr(sha256(c.salt || convert_to(key || E'\x1f' || value, 'UTF8')), 1, 12), 'base64'))
          FROM jsonb_each_text(to_jsonb(c) - ARRAY['path', 'centre_path', 'holder_path', 'sender_path'] || jsonb_build_object('geom', place))
         WHERE value IS NOT NULL);
END $$;

-- The marks that differ; null for a column that has no value any more.
CREATE FUNCTION changed_marks(before jsonb, after jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN before = '{}' THEN after ELSE (
        SELECT coalesce(jsonb_object_agg(key, after -> key), '{}')
          FROM jsonb_object_keys(before || after) key WHERE before -> key IS DISTINCT FROM after -> key) END
$$;

-- What a reminder says, as it stands in the chain.
CREATE FUNCTION notice_text(n case_notice) RETURNS jsonb LANGUAGE sql STABLE
SET timezone = 'UTC' SET search_path = public, pg_temp AS $$
    SELECT to_jsonb(n) - ARRAY['prefecture', 'case_no']
$$;

-- What the hash of a record covers. Python's twin is data/audit/seals.py.
CREATE FUNCTION seal_text(s case_seal) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(E'\x1f', s.prefecture, s.n::text, s.case_no, coalesce(s.event_seq::text, ''), s.why,
        (extract(epoch FROM s.at) * 1000000)::bigint::text, s.details::text)
$$;

-- Writes the record after `last_n` and returns its hash; the head of the chain is whose calls this.
CREATE FUNCTION insert_seal(wanted text, no text, event bigint, reason text, told json, last_n bigint, last_hash bytea) RETURNS bytea
LANGUAGE plpgsql AS $$
DECLARE
    s case_seal;
BEGIN
    s.prefecture := wanted;
    s.n := last_n + 1;
    s.prev_hash := last_hash;
    s.case_no := no;
    s.event_seq := event;
    s.why := reason;
    s.at := clock_timestamp();
    s.details := told;
    s.hash := sha256(s.prev_hash || convert_to(seal_text(s), 'UTF8'));
    INSERT INTO case_seal SELECT s.*;
    RETURN s.hash;
END $$;

-- Appends one record under the world's lock; `at` is the clock of the database, whatever the deployment's says.
CREATE FUNCTION append_seal(wanted text, no text, event bigint, reason text, told json) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    head chain_head;
BEGIN
    PERFORM pg_advisory_xact_lock(7411);
    SELECT * INTO STRICT head FROM chain_head WHERE prefecture = wanted FOR UPDATE;
    head.seal_hash := insert_seal(wanted, no, event, reason, told, head.seal_n, head.seal_hash);
    UPDATE chain_head SET seal_n = head.seal_n + 1, seal_hash = head.seal_hash WHERE prefecture = wanted;
END $$;

-- What a record of a case says: the marks that differ, reminders, what had been changed past the chain. Null for nothing.
CREATE FUNCTION seal_told(known case_mark, fresh jsonb, notices jsonb, event bigint) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    told jsonb := jsonb_build_object('columns', changed_marks(coalesce(known.marks, '{}'), fresh));
BEGIN
    IF notices <> '[]' THEN
        told := told || jsonb_build_object('notices', notices);
    END IF;
    IF known.broken <> '{}' THEN
        told := told || jsonb_build_object('broken', to_jsonb(known.broken));
    END IF;
    RETURN CASE WHEN event IS NOT NULL OR told <> '{"columns": {}}' THEN told END;
END $$;

-- The marks of a case as they are from now on.
CREATE FUNCTION keep_marks(c cases, fresh jsonb) RETURNS void LANGUAGE sql AS $$
    INSERT INTO case_mark (prefecture, case_no, marks, changing, broken) VALUES (c.prefecture, c.case_no, fresh, NULL, '{}')
    ON CONFLICT (prefecture, case_no) DO UPDATE SET marks = excluded.marks, changing = NULL, broken = '{}'
$$;

-- Records what differs from the last record of the case, and what somebody had changed past it (check_case).
CREATE FUNCTION seal_case(c cases, event bigint, reason text, notices jsonb DEFAULT '[]') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    known case_mark;
    found jsonb := case_marks(c);
    told jsonb;
BEGIN
    SELECT * INTO known FROM case_mark WHERE prefecture = c.prefecture AND case_no = c.case_no FOR UPDATE;
    told := seal_told(known, found, notices, event);
    IF told IS NOT NULL THEN
        PERFORM append_seal(c.prefecture, c.case_no, event, reason, told::json);
    END IF;
    PERFORM keep_marks(c, found);
END $$;

-- For loaders, imports and whatever the owner changes: records the cases of this transaction that have none yet.
-- The head is written once, at the end: each version of a row that one transaction writes makes the next one slower to find.
-- The last act is looked up case by case: what this transaction loaded has no statistics yet, and a join would be a product.
CREATE FUNCTION seal_changes(wanted text, reason text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    r record;
    found jsonb;
    told jsonb;
    head chain_head;
    sealed int := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(7411);
    SELECT * INTO head FROM chain_head WHERE prefecture = wanted FOR UPDATE;
    FOR r IN SELECT t AS c, m, (SELECT e.seq FROM case_event e WHERE e.prefecture = wanted AND e.case_no = t.case_no
                                 ORDER BY e.version DESC LIMIT 1) AS event
               FROM cases t LEFT JOIN case_mark m ON m.prefecture = t.prefecture AND m.case_no = t.case_no
              WHERE t.prefecture = wanted AND (m.case_no IS NULL OR m.changing = pg_current_xact_id()::text)
              ORDER BY t.case_no LOOP
        found := case_marks(r.c);
        told := seal_told(r.m, found, '[]', r.event);
        IF told IS NOT NULL THEN
            head.seal_hash := insert_seal(wanted, (r.c).case_no, r.event, reason, told::json, head.seal_n, head.seal_hash);
            head.seal_n := head.seal_n + 1;
        END IF;
        PERFORM keep_marks(r.c, found);
        sealed := sealed + 1;
    END LOOP;
    UPDATE chain_head SET seal_n = head.seal_n, seal_hash = head.seal_hash WHERE prefecture = wanted AND seal_n <> head.seal_n;
    RETURN sealed;
END $$;

-- One case, after deadlines were computed anew.
CREATE FUNCTION seal_one(wanted text, no text, reason text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    c cases;
BEGIN
    SELECT * INTO STRICT c FROM cases WHERE prefecture = wanted AND case_no = no;
    PERFORM seal_case(c, NULL, reason);
END $$;

-- After a migration that gave `cases` a column with a value: the new columns alone are taken into the chain.
CREATE FUNCTION seal_columns(wanted text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r record;
    fresh jsonb;
BEGIN
    FOR r IN SELECT t AS c, m.marks FROM cases t JOIN case_mark m ON m.prefecture = t.prefecture AND m.case_no = t.case_no
              WHERE t.prefecture = wanted ORDER BY t.case_no LOOP
        SELECT coalesce(jsonb_object_agg(key, value), '{}') INTO fresh FROM jsonb_each(case_marks(r.c)) WHERE NOT r.marks ? key;
        IF fresh <> '{}' THEN
            PERFORM append_seal(wanted, (r.c).case_no, NULL, 'columns', jsonb_build_object('columns', fresh)::json);
            UPDATE case_mark SET marks = marks || fresh WHERE prefecture = wanted AND case_no = (r.c).case_no;
        END IF;
    END LOOP;
END $$;

-- What the scheduler did: the reminders of these steps and levels, and when it looks at the case again.
CREATE FUNCTION note_look(wanted text, no text, next_look timestamptz, told json) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    c cases;
    notices jsonb;
BEGIN
    UPDATE cases SET notify_at = next_look WHERE prefecture = wanted AND case_no = no RETURNING * INTO STRICT c;
    SELECT coalesce(jsonb_agg(notice_text(n) ORDER BY n.at, n.step, n.began_at, n.level), '[]') INTO notices
      FROM case_notice n JOIN json_to_recordset(told) AS t (step text, began timestamptz, level text)
        ON t.step = n.step AND t.began = n.began_at AND t.level = n.level
     WHERE n.prefecture = wanted AND n.case_no = no;
    PERFORM seal_case(c, NULL, 'look', notices);
END $$;

-- Before a row of `cases` changes it has to be what the chain says: a change that somebody made past it is not taken over
-- by the next act in silence. Once a transaction, for what it changes itself is its own.
CREATE FUNCTION check_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    known case_mark;
    differing text[];
BEGIN
    SELECT * INTO known FROM case_mark WHERE prefecture = OLD.prefecture AND case_no = OLD.case_no FOR UPDATE;
    IF NOT FOUND OR known.changing = pg_current_xact_id()::text THEN
        RETURN NEW;
    END IF;
    SELECT coalesce(array_agg(key ORDER BY key), '{}') INTO differing FROM jsonb_object_keys(changed_marks(known.marks, case_marks(OLD))) key;
    UPDATE case_mark SET changing = pg_current_xact_id()::text,
           broken = ARRAY(SELECT DISTINCT unnest(known.broken || differing) ORDER BY 1)
     WHERE prefecture = OLD.prefecture AND case_no = OLD.case_no;
    RETURN NEW;
END $$;
CREATE TRIGGER check_case BEFORE UPDATE ON cases FOR EACH ROW EXECUTE FUNCTION check_case();

-- The application changes no case without an act or a look that says so.
CREATE FUNCTION require_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM case_mark WHERE prefecture = NEW.prefecture AND case_no = NEW.case_no AND changing IS NULL) THEN
        RAISE EXCEPTION 'a case changes with an act of its trace alone' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER require_seal AFTER INSERT OR UPDATE ON cases DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (current_user = 'gridboard_app') EXECUTE FUNCTION require_seal();

-- As before, and the last act of a transaction takes the row of the case with it.
CREATE OR REPLACE FUNCTION number_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    c cases;
BEGIN
    NEW.seq := next_in_world();
    SELECT hash INTO STRICT NEW.prev_hash FROM chain_head WHERE prefecture = NEW.prefecture FOR UPDATE;
    NEW.hash := sha256(NEW.prev_hash || convert_to(event_text(NEW), 'UTF8'));
    UPDATE chain_head SET seq = NEW.seq, hash = NEW.hash WHERE prefecture = NEW.prefecture;
    SELECT * INTO c FROM cases WHERE prefecture = NEW.prefecture AND case_no = NEW.case_no;
    IF c.version = NEW.version THEN
        PERFORM seal_case(c, NEW.seq, 'act');
    END IF;
    PERFORM pg_notify('gridboard', NEW.seq::text);
    RETURN NEW;
END $$;

-- The chain begins with who it belongs to: another identity is another deployment.
CREATE FUNCTION seal_identity(wanted text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    own text := (SELECT value #>> '{}' FROM deployment WHERE key = 'identity');
BEGIN
    PERFORM append_seal(wanted, '', NULL, 'deployment', json_build_object('identity', coalesce(own, '')));
END $$;

CREATE OR REPLACE FUNCTION create_prefecture(code text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    suffix text := CASE WHEN code ~ '^[a-z0-9_]{1,40}$' THEN code ELSE md5(code) END;
    parent text;
    fresh int;
BEGIN
    FOREACH parent IN ARRAY ARRAY['cases', 'case_event', 'outbox'] LOOP
        EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES IN (%L)',
                       parent || '_p_' || suffix, parent, code);
    END LOOP;
    INSERT INTO chain_head (prefecture, seq, hash) VALUES (code, 0, '\x') ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS fresh = ROW_COUNT;
    IF fresh = 1 THEN
        PERFORM seal_identity(code);
    END IF;
END $$;

REVOKE ALL ON FUNCTION note_look(text, text, timestamptz, json), seal_case(cases, bigint, text, jsonb), seal_changes(text, text),
    seal_one(text, text, text), seal_columns(text), append_seal(text, text, bigint, text, json), seal_identity(text),
    insert_seal(text, text, bigint, text, json, bigint, bytea), keep_marks(cases, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION note_look(text, text, timestamptz, json) TO gridboard_app;

-- What is there already: the facts as they stand now, and the reminders, marked as what they are.
SELECT seal_identity(prefecture) FROM chain_head ORDER BY prefecture;
SELECT append_seal(h.prefecture, '', nullif(h.seq, 0), 'before',
                   json_build_object('events', (SELECT count(*) FROM case_event e WHERE e.prefecture = h.prefecture)))
  FROM chain_head h WHERE h.seq > 0 ORDER BY h.prefecture;
SELECT seal_changes(prefecture, 'before') FROM chain_head ORDER BY prefecture;
SELECT append_seal(n.prefecture, n.case_no, NULL, 'before', json_build_object('columns', '{}'::json, 'notices', jsonb_agg(notice_text(n) ORDER BY n.at)))
  FROM case_notice n GROUP BY n.prefecture, n.case_no ORDER BY n.prefecture, n.case_no;
