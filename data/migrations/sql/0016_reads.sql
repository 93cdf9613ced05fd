-- What processes remember is forgotten when it changes: they listen on the channel of the live stream (data/live/hub.py).
-- Whoever makes the change and from where: a command, a script, a line of SQL.
CREATE FUNCTION ring_for_rights() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('gridboard', 'rights');
    RETURN NULL;
END $$;
CREATE TRIGGER ring_for_rights AFTER UPDATE OR DELETE OR TRUNCATE ON login_session FOR EACH STATEMENT EXECUTE FUNCTION ring_for_rights();
CREATE TRIGGER ring_for_rights AFTER UPDATE OR DELETE OR TRUNCATE ON app_user FOR EACH STATEMENT EXECUTE FUNCTION ring_for_rights();
CREATE TRIGGER ring_for_rights AFTER UPDATE OR DELETE OR TRUNCATE ON display FOR EACH STATEMENT EXECUTE FUNCTION ring_for_rights();
-- a person's rights reach as far as the paths of its area and of its organisation
CREATE TRIGGER ring_for_rights AFTER UPDATE OF code, path, prefecture ON area FOR EACH STATEMENT EXECUTE FUNCTION ring_for_rights();
CREATE TRIGGER ring_for_rights AFTER UPDATE OF path, prefecture ON organisation FOR EACH STATEMENT EXECUTE FUNCTION ring_for_rights();

-- Figures of areas also change without a number of the world: a first evaluation of tiers, a recount of the roll-ups.
CREATE FUNCTION raise_figures() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO deployment (key, value) VALUES ('figures_revision', '1') ON CONFLICT (key) DO UPDATE
        SET value = to_json((deployment.value #>> '{}')::bigint + 1);
    RETURN NULL;
END $$;
CREATE TRIGGER raise_figures AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON tier FOR EACH STATEMENT EXECUTE FUNCTION raise_figures();
-- a move only adds to the rows of its areas; a recount begins by deleting them
CREATE TRIGGER raise_figures AFTER DELETE OR TRUNCATE ON area_count FOR EACH STATEMENT EXECUTE FUNCTION raise_figures();

-- What a remembered answer about areas depends on. The same for every viewer, so it tells nobody anything of an area.
CREATE FUNCTION world_stamp(OUT seq bigint, OUT areas bigint, OUT figures bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT greatest((SELECT coalesce(max(c.seq), 0) FROM chain_head c), (SELECT coalesce(max(t.seq), 0) FROM tier_change t)),
           coalesce((SELECT (value #>> '{}')::bigint FROM deployment WHERE key = 'areas_revision'), 0),
           coalesce((SELECT (value #>> '{}')::bigint FROM deployment WHERE key = 'figures_revision'), 0)
$$;

-- The first page of a list is read off its index, however many cases are behind it: in the order of data/queries/cases.py.
CREATE INDEX ix_cases_open_sorted ON cases (prefecture, coalesce(due_at, 'infinity'::timestamptz), case_no)
    WHERE status NOT IN ('archived', 'rejected', 'merged');
