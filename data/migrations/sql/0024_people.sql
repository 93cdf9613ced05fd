-- An admin manages accounts and displays of its area from the screens. The tables stay closed to the application's role: each
-- change goes through a function that looks for itself whether whoever acts is an admin there, now.
ALTER TABLE app_user ADD COLUMN must_change boolean DEFAULT false NOT NULL;
GRANT SELECT (must_change) ON app_user TO gridboard_app;

-- A display that was revoked leaves its name to the one that takes its place.
ALTER TABLE display DROP CONSTRAINT uq_display_name;
CREATE UNIQUE INDEX uq_display_name ON display (name) WHERE revoked_at IS NULL;

-- When somebody or a wall was here last, to the minute. Tables of their own: a change of an account or a display means that
-- rights may be others (ring_for_rights), this does not.
CREATE TABLE account_seen (
    user_id integer NOT NULL, seen_at timestamptz NOT NULL, CONSTRAINT pk_account_seen PRIMARY KEY (user_id),
    CONSTRAINT fk_account_seen_user_id FOREIGN KEY (user_id) REFERENCES app_user (id) ON DELETE CASCADE);
CREATE TABLE display_seen (
    display_id integer NOT NULL, seen_at timestamptz NOT NULL, CONSTRAINT pk_display_seen PRIMARY KEY (display_id),
    CONSTRAINT fk_display_seen_display_id FOREIGN KEY (display_id) REFERENCES display (id) ON DELETE CASCADE);
GRANT SELECT ON account_seen, display_seen TO gridboard_app;
-- the newest login that is known
INSERT INTO account_seen SELECT user_id, max(created_at) FROM login_session GROUP BY 1;

CREATE FUNCTION note_account_seen(account int, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO account_seen AS s VALUES (account, at)
        ON CONFLICT (user_id) DO UPDATE SET seen_at = EXCLUDED.seen_at WHERE s.seen_at < EXCLUDED.seen_at - interval '1 minute'
$$;

DROP FUNCTION session_of(bytea, timestamptz);
-- Whose session this is. It is asked for with every request, and notes once a minute that the account was here.
CREATE FUNCTION session_of(token bytea, at timestamptz)
RETURNS TABLE (id int, username text, role text, locale text, area_code text, area_path text, prefecture text, organisation_id int,
               organisation_path text, csrf_token text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    seen timestamptz;
BEGIN
    SELECT u.id, u.username, u.role, u.locale, a.code, a.path, a.prefecture, u.organisation_id, o.path, s.csrf_token, n.seen_at
      INTO id, username, role, locale, area_code, area_path, prefecture, organisation_id, organisation_path, csrf_token, seen
      FROM login_session s JOIN app_user u ON u.id = s.user_id JOIN area a ON a.id = u.area_id
      LEFT JOIN organisation o ON o.id = u.organisation_id LEFT JOIN account_seen n ON n.user_id = u.id
     WHERE s.token_hash = token AND s.expires_at > at AND u.active AND NOT u.must_change;
    IF FOUND THEN
        IF seen IS NULL OR seen < at - interval '1 minute' THEN
            PERFORM note_account_seen(session_of.id, at);
        END IF;
        RETURN NEXT;
    END IF;
END $$;

DROP FUNCTION display_of(bytea);
CREATE FUNCTION display_of(token bytea) RETURNS TABLE (name text, area_code text, area_path text, prefecture text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wall int;
    seen timestamptz;
BEGIN
    SELECT d.name, a.code, a.path, a.prefecture, d.id, n.seen_at INTO name, area_code, area_path, prefecture, wall, seen
      FROM display d JOIN area a ON a.id = d.area_id LEFT JOIN display_seen n ON n.display_id = d.id
     WHERE d.token_hash = token AND d.revoked_at IS NULL;
    IF FOUND THEN
        IF seen IS NULL OR seen < now() - interval '1 minute' THEN
            INSERT INTO display_seen AS s VALUES (wall, now())
                ON CONFLICT (display_id) DO UPDATE SET seen_at = EXCLUDED.seen_at WHERE s.seen_at < EXCLUDED.seen_at;
        END IF;
        RETURN NEXT;
    END IF;
END $$;

DROP FUNCTION account_named(text);
CREATE FUNCTION account_named(wanted text)
RETURNS TABLE (id int, username text, password_hash text, role text, locale text, active boolean, must_change boolean, area_code text,
               area_path text, prefecture text, organisation_id int, organisation_path text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT u.id, u.username, u.password_hash, u.role, u.locale, u.active, u.must_change, a.code, a.path, a.prefecture,
           u.organisation_id, o.path
      FROM app_user u JOIN area a ON a.id = u.area_id LEFT JOIN organisation o ON o.id = u.organisation_id
     WHERE u.username = wanted
$$;

-- Opens a session of somebody who may come in, and takes away those that are over. An initial password opens none.
CREATE OR REPLACE FUNCTION open_session(token bytea, account int, csrf text, at timestamptz, until timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM login_session WHERE expires_at < at;
    INSERT INTO login_session (token_hash, user_id, csrf_token, created_at, expires_at)
    SELECT token, u.id, csrf, at, until FROM app_user u WHERE u.id = account AND u.active AND NOT u.must_change;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such account' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM note_account_seen(account, at);
END $$;

-- Ends all sessions of an account but this one.
CREATE FUNCTION end_other_sessions(token bytea) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ended int;
BEGIN
    DELETE FROM login_session o USING login_session own
     WHERE own.token_hash = token AND o.user_id = own.user_id AND o.token_hash <> token;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;

-- A new password of one's own, if the old one is still what it was. All sessions end with it (end_rights).
CREATE FUNCTION change_own_password(old_hash text, new_hash text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE app_user SET password_hash = new_hash, must_change = false
     WHERE id = scope_user() AND active AND password_hash = old_hash;
    RETURN FOUND;
END $$;

-- Whoever acts has to be an admin of every one of these places, as the accounts are now. Those who change accounts or displays
-- come one after the other: two admins who take each other's right away at once do not both succeed.
CREATE FUNCTION check_manager(VARIADIC places text[]) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    own text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('gridboard accounts'));
    SELECT a.path INTO own FROM app_user u JOIN area a ON a.id = u.area_id
     WHERE u.id = scope_user() AND u.active AND u.role = 'admin';
    IF own IS NULL OR EXISTS (SELECT 1 FROM unnest(places) p WHERE NOT starts_with(p, own)) THEN
        RAISE EXCEPTION 'not an admin of this place' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;
REVOKE ALL ON FUNCTION check_manager(text[]) FROM PUBLIC;

-- For whoever reads before changing: what is read after this stays so until the transaction ends.
CREATE FUNCTION begin_managing() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT check_manager(NULL) $$;

-- An account with a password that opens no session; null where the name is taken.
CREATE FUNCTION add_account(wanted text, hash text, as_role text, of_area int, of_organisation int, at timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made int;
BEGIN
    PERFORM check_manager((SELECT path FROM area WHERE id = of_area), (SELECT path FROM organisation WHERE id = of_organisation));
    INSERT INTO app_user (username, password_hash, role, area_id, organisation_id, created_at, must_change)
    VALUES (wanted, hash, as_role, of_area, of_organisation, at, true) ON CONFLICT (username) DO NOTHING RETURNING id INTO made;
    RETURN made;
END $$;

-- Role, area, organisation and state of another's account. Nobody changes his own: so an admin remains.
CREATE FUNCTION change_account(account int, as_role text, of_area int, of_organisation int, as_active boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM check_manager((SELECT a.path FROM app_user u JOIN area a ON a.id = u.area_id WHERE u.id = account),
                          (SELECT path FROM area WHERE id = of_area),
                          (SELECT o.path FROM organisation o JOIN app_user u ON u.id = account
                            WHERE o.id = of_organisation AND u.organisation_id IS DISTINCT FROM of_organisation));
    UPDATE app_user SET role = as_role, area_id = of_area, organisation_id = of_organisation, active = as_active
     WHERE id = account AND id <> scope_user();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'one''s own account' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- An initial password for somebody else, to be replaced at the next login.
CREATE FUNCTION reset_password(account int, hash text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM check_manager((SELECT a.path FROM app_user u JOIN area a ON a.id = u.area_id WHERE u.id = account));
    UPDATE app_user SET password_hash = hash, must_change = true WHERE id = account AND id <> scope_user();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'one''s own account' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- A wall display; null where one of that name is in use.
CREATE FUNCTION add_display(wanted text, token bytea, of_area int, at timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made int;
BEGIN
    PERFORM check_manager((SELECT path FROM area WHERE id = of_area));
    INSERT INTO display (name, token_hash, area_id, created_at) VALUES (wanted, token, of_area, at)
        ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING RETURNING id INTO made;
    RETURN made;
END $$;

-- Name, place and end of a display that is in use.
CREATE FUNCTION change_display(wall int, as_name text, of_area int, ends_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM check_manager((SELECT a.path FROM display d JOIN area a ON a.id = d.area_id WHERE d.id = wall),
                          (SELECT path FROM area WHERE id = of_area));
    UPDATE display SET name = as_name, area_id = of_area, revoked_at = ends_at WHERE id = wall AND revoked_at IS NULL;
END $$;

REVOKE ALL ON FUNCTION session_of(bytea, timestamptz), display_of(bytea), account_named(text), end_other_sessions(bytea),
    change_own_password(text, text), begin_managing(), add_account(text, text, text, int, int, timestamptz),
    change_account(int, text, int, int, boolean), reset_password(int, text), add_display(text, bytea, int, timestamptz),
    change_display(int, text, int, timestamptz), note_account_seen(int, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION session_of(bytea, timestamptz), display_of(bytea), account_named(text), end_other_sessions(bytea),
    change_own_password(text, text), begin_managing(), add_account(text, text, text, int, int, timestamptz),
    change_account(int, text, int, int, boolean), reset_password(int, text), add_display(text, bytea, int, timestamptz),
    change_display(int, text, int, timestamptz) TO gridboard_app;
