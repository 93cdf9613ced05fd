-- What the application's role may do, column by column: what its commands do and no more. tests/integration/data/test_grants.py
-- holds the list against the catalogue.

-- Whoever acts, as the transaction says (data/database.py).
CREATE FUNCTION scope_user() RETURNS int LANGUAGE sql STABLE
AS $$ SELECT nullif(current_setting('gridboard.user', true), '')::int $$;

REVOKE INSERT, UPDATE ON cases, idempotency, case_serial FROM gridboard_app;
GRANT INSERT (prefecture, case_no, kind, category, title, description, severity, source, status, area_id, path, lon, lat, geom,
              centre_id, centre_path, holder_id, holder_path, reporter_id, version, reported_at, status_since, queued_at,
              settle_from, settle_due_at, due_at, needs, notify_at) ON cases TO gridboard_app;
GRANT UPDATE (status, centre_id, centre_path, holder_id, holder_path, sender_id, sender_path, responsible_id, version, status_since,
              queued_at, settle_from, settle_due_at, due_at, settled_at, closed_at, returned_n, left_by, co_handlers, binding,
              paused_until, extension_until, mediations, first_mediation, satisfaction, merged_into, notify_at) ON cases TO gridboard_app;
GRANT INSERT (prefecture, user_id, key, request_hash, created_at), UPDATE (response) ON idempotency TO gridboard_app;
GRANT INSERT, UPDATE (last) ON case_serial TO gridboard_app;
REVOKE INSERT ON case_event, outbox, case_notice FROM gridboard_app;
GRANT INSERT (prefecture, seq, case_no, at, act, role, user_id, by_organisation_id, from_status, to_status, from_organisation_id,
              to_organisation_id, reason, details, version, path, prev_hash, hash) ON case_event TO gridboard_app;
GRANT INSERT (prefecture, case_no, topic, organisation_id, payload, path, created_at, dedupe) ON outbox TO gridboard_app;
GRANT INSERT (prefecture, case_no, step, began_at, level, due_at, at, organisation_id, path) ON case_notice TO gridboard_app;
REVOKE UPDATE ON case_claim, case_presence, delivery FROM gridboard_app;
GRANT UPDATE (user_id, tab, since, expires_at) ON case_claim TO gridboard_app;
GRANT UPDATE (case_no, path, seen_at) ON case_presence TO gridboard_app;
GRANT UPDATE (state, attempts, next_try_at, leased_until, sent_at, last_error, reached, queued_at, unclear, pauses) ON delivery TO gridboard_app;

-- A key is its user's; what was answered is nobody else's to read.
ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON idempotency TO gridboard_app USING (user_id = (SELECT coalesce(scope_user(), 0)))
    WITH CHECK (user_id = (SELECT coalesce(scope_user(), 0)));
-- Reminders are the scheduler's, which sees everything.
DROP POLICY append ON case_notice;
CREATE POLICY append ON case_notice FOR INSERT TO gridboard_app WITH CHECK ((SELECT scope('hi')) = '~');

-- Accounts, sessions and displays: what a screen shows of them may be read; passwords and tokens leave by name alone.
REVOKE SELECT, UPDATE ON app_user FROM gridboard_app;
REVOKE UPDATE (locale, password_hash) ON app_user FROM gridboard_app;
GRANT SELECT (id, username, role, area_id, organisation_id, locale, active, demo, created_at), UPDATE (locale) ON app_user TO gridboard_app;
REVOKE ALL ON login_session, display FROM gridboard_app;
GRANT SELECT (user_id, created_at, expires_at) ON login_session TO gridboard_app;
GRANT SELECT (id, name, area_id, created_at, revoked_at) ON display TO gridboard_app;

CREATE FUNCTION account_named(wanted text)
RETURNS TABLE (id int, username text, password_hash text, role text, locale text, active boolean, area_code text, area_path text,
               prefecture text, organisation_id int, organisation_path text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT u.id, u.username, u.password_hash, u.role, u.locale, u.active, a.code, a.path, a.prefecture, u.organisation_id, o.path
      FROM app_user u JOIN area a ON a.id = u.area_id LEFT JOIN organisation o ON o.id = u.organisation_id
     WHERE u.username = wanted
$$;

CREATE FUNCTION session_of(token bytea, at timestamptz)
RETURNS TABLE (id int, username text, role text, locale text, area_code text, area_path text, prefecture text, organisation_id int,
               organisation_path text, csrf_token text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT u.id, u.username, u.role, u.locale, a.code, a.path, a.prefecture, u.organisation_id, o.path, s.csrf_token
      FROM login_session s JOIN app_user u ON u.id = s.user_id JOIN area a ON a.id = u.area_id
      LEFT JOIN organisation o ON o.id = u.organisation_id
     WHERE s.token_hash = token AND s.expires_at > at AND u.active
$$;

-- Opens a session of somebody who may come in, and takes away those that are over.
CREATE FUNCTION open_session(token bytea, account int, csrf text, at timestamptz, until timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM login_session WHERE expires_at < at;
    INSERT INTO login_session (token_hash, user_id, csrf_token, created_at, expires_at)
    SELECT token, u.id, csrf, at, until FROM app_user u WHERE u.id = account AND u.active;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such account' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- Whose session it was; null when it was over already.
CREATE FUNCTION end_session(token bytea) RETURNS int
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM login_session WHERE token_hash = token RETURNING user_id
$$;

CREATE FUNCTION end_sessions_of(account int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ended int;
BEGIN
    DELETE FROM login_session WHERE user_id = account;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;

CREATE FUNCTION display_of(token bytea) RETURNS TABLE (name text, area_code text, area_path text, prefecture text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.name, a.code, a.path, a.prefecture FROM display d JOIN area a ON a.id = d.area_id
     WHERE d.token_hash = token AND d.revoked_at IS NULL
$$;

-- The acts that the application makes; those of imports are the owner's. A new move is added here by its migration.
CREATE FUNCTION known_acts() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['report', 'accept', 'assess', 'dispatch', 'sign', 'start', 'settle', 'record_mediation', 'visit', 'archive', 'recall',
                 'return', 'transfer', 'refer_up', 'send_down', 'co_handle', 'pause', 'resume', 'extend', 'grant_extension',
                 'refuse_extension', 'reject', 'merge', 'absorb', 'reopen', 'remind', 'supervise', 'comment']
$$;

-- What the application writes into the trace is by whoever acts in its transaction, follows the act before and says what
-- the case says. What follows by rule has nobody, and a rule; by itself only the system makes it.
CREATE FUNCTION check_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    c cases;
    last case_event;
    by_rule bool := NEW.role = 'system' AND NEW.user_id IS NULL AND NEW.by_organisation_id IS NULL AND (NEW.details ->> 'rule') IS NOT NULL;
    wrong text;
BEGIN
    SELECT * INTO c FROM cases WHERE prefecture = NEW.prefecture AND case_no = NEW.case_no;
    SELECT * INTO last FROM case_event WHERE prefecture = NEW.prefecture AND case_no = NEW.case_no ORDER BY version DESC LIMIT 1;
    wrong := CASE
        WHEN NEW.act <> ALL (known_acts()) THEN 'act'
        WHEN by_rule AND scope('role') <> 'system' AND NEW.act NOT IN ('refer_up', 'absorb') THEN 'rule'
        WHEN NOT by_rule AND (NEW.role, coalesce(NEW.user_id::text, ''), coalesce(NEW.by_organisation_id::text, ''))
             IS DISTINCT FROM (scope('role'), scope('user'), scope('body')) THEN 'by'
        WHEN c.case_no IS NULL OR NEW.path <> c.path THEN 'path'
        WHEN NEW.version <> coalesce(last.version, 0) + 1 OR NEW.version > c.version OR (NEW.version = 1) <> (NEW.act = 'report') THEN 'version'
        WHEN NEW.from_status IS DISTINCT FROM last.to_status THEN 'from_status'
        WHEN NEW.version > 1 AND NEW.from_organisation_id IS DISTINCT FROM last.to_organisation_id THEN 'from_organisation_id'
        WHEN NEW.version = c.version AND NEW.to_status <> c.status THEN 'to_status'
        WHEN NEW.version = c.version AND NEW.to_organisation_id IS DISTINCT FROM c.holder_id THEN 'to_organisation_id'
    END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'an act that is not so: %', wrong USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_event BEFORE INSERT ON case_event FOR EACH ROW
    WHEN (current_user = 'gridboard_app') EXECUTE FUNCTION check_event();

REVOKE ALL ON FUNCTION account_named(text), session_of(bytea, timestamptz), open_session(bytea, int, text, timestamptz, timestamptz),
    end_session(bytea), end_sessions_of(int), display_of(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION account_named(text), session_of(bytea, timestamptz), open_session(bytea, int, text, timestamptz, timestamptz),
    end_session(bytea), end_sessions_of(int), display_of(bytea) TO gridboard_app;
