-- The past: what each act left of a case stands in case_span from that act to the next. The trace stays the truth: what stands here
-- can be made of it again (data/commands/case_spans.py), and is for what came without triggers.
CREATE TABLE case_span (
    prefecture text NOT NULL, case_no text COLLATE "C" NOT NULL, from_at timestamptz NOT NULL, to_at timestamptz DEFAULT 'infinity'::timestamptz NOT NULL,
    version integer NOT NULL, status text NOT NULL, area_id integer NOT NULL, path text COLLATE "C" NOT NULL, now_path text COLLATE "C" NOT NULL,
    centre_id integer NOT NULL, holder_id integer NOT NULL, sender_id integer, responsible_id integer, reported_at timestamptz NOT NULL,
    status_since timestamptz NOT NULL, due_at timestamptz, settled_at timestamptz, closed_at timestamptz, returned_n smallint NOT NULL,
    queued_at timestamptz NOT NULL, settle_from timestamptz NOT NULL, settle_due_at timestamptz, left_by integer[] NOT NULL,
    co_handlers integer[] NOT NULL, binding boolean NOT NULL, paused_until timestamptz, extension_until timestamptz, mediations smallint NOT NULL,
    first_mediation text, satisfaction smallint, merged_into text COLLATE "C", was jsonb,
    CONSTRAINT pk_case_span PRIMARY KEY (prefecture, case_no, from_at));
CREATE INDEX ix_case_span_during ON case_span USING gist (tstzrange(from_at, to_at))
    WHERE status IN ('reported', 'accepted', 'waiting', 'dispatched', 'signed', 'handling', 'paused', 'settled', 'visited');
CREATE INDEX ix_case_span_path ON case_span (prefecture, path, from_at);
CREATE INDEX ix_case_span_settled ON case_span (prefecture, settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX ix_case_span_reported ON case_span (prefecture, reported_at);
-- cases whose spans are still to be made of the trace
CREATE TABLE span_gap (prefecture text NOT NULL, case_no text COLLATE "C" NOT NULL, CONSTRAINT pk_span_gap PRIMARY KEY (prefecture, case_no));
INSERT INTO span_gap SELECT prefecture, case_no FROM cases;
GRANT SELECT ON span_gap TO gridboard_app;

ALTER TABLE tier_history ADD COLUMN computed text, ADD COLUMN override_by text, ADD COLUMN override_at timestamptz;

-- What an act left, from a moment on. `only`: the version that the act made; where a rule acts after it, the last one counts.
CREATE FUNCTION record_span(wanted text, no text, moment timestamptz, only_version integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    began timestamptz;
    ended timestamptz;
BEGIN
    -- a clock that was set back makes no time go back
    UPDATE case_span SET to_at = greatest(moment, from_at)
     WHERE prefecture = wanted AND case_no = no AND to_at = 'infinity' RETURNING from_at, to_at INTO began, ended;
    IF began = ended THEN
        DELETE FROM case_span WHERE prefecture = wanted AND case_no = no AND from_at = began;
    END IF;
    INSERT INTO case_span (prefecture, case_no, from_at, version, status, area_id, path, now_path, centre_id, holder_id, sender_id,
                           responsible_id, reported_at, status_since, due_at, settled_at, closed_at, returned_n, queued_at, settle_from,
                           settle_due_at, left_by, co_handlers, binding, paused_until, extension_until, mediations, first_mediation,
                           satisfaction, merged_into)
    SELECT prefecture, case_no, coalesce(ended, moment), version, status, area_id, path, path, centre_id, holder_id, sender_id,
           responsible_id, reported_at, status_since, due_at, settled_at, closed_at, returned_n, queued_at, settle_from,
           settle_due_at, left_by, co_handlers, binding, paused_until, extension_until, mediations, first_mediation,
           satisfaction, merged_into
      FROM cases WHERE prefecture = wanted AND case_no = no AND (only_version IS NULL OR version = only_version);
END $$;
REVOKE EXECUTE ON FUNCTION record_span(text, text, timestamptz, integer) FROM PUBLIC;

CREATE FUNCTION record_act() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- a load notes its cases in span_gap, all at once (data/bulk.py)
    IF coalesce(current_setting('gridboard.bulk', true), '') <> 'on' THEN
        PERFORM record_span(NEW.prefecture, NEW.case_no, NEW.at, NEW.version);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER record_act AFTER INSERT ON case_event FOR EACH ROW EXECUTE FUNCTION record_act();

-- What an import wrote over stands with the spans before it.
CREATE FUNCTION keep_former() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE case_span SET was = jsonb_build_object('kind', OLD.kind, 'category', OLD.category, 'title', OLD.title, 'description', OLD.description,
                                                  'severity', OLD.severity, 'source', OLD.source, 'lon', OLD.lon, 'lat', OLD.lat)
     WHERE prefecture = NEW.prefecture AND case_no = NEW.case_no AND was IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_former AFTER UPDATE OF kind, category, title, description, severity, source, lon, lat ON cases FOR EACH ROW
    WHEN ((OLD.kind, OLD.category, OLD.title, OLD.description, OLD.severity, OLD.source, OLD.lon, OLD.lat)
          IS DISTINCT FROM (NEW.kind, NEW.category, NEW.title, NEW.description, NEW.severity, NEW.source, NEW.lon, NEW.lat))
    EXECUTE FUNCTION keep_former();

CREATE FUNCTION follow_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM case_span WHERE prefecture = OLD.prefecture AND case_no = OLD.case_no;
        DELETE FROM span_gap WHERE prefecture = OLD.prefecture AND case_no = OLD.case_no;
    ELSE
        UPDATE case_span SET now_path = NEW.path WHERE prefecture = NEW.prefecture AND case_no = NEW.case_no;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_place AFTER UPDATE OF path ON cases FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION follow_case();
CREATE TRIGGER follow_end AFTER DELETE ON cases FOR EACH ROW EXECUTE FUNCTION follow_case();

-- The moment that a reading transaction asks about (data/database.py).
CREATE FUNCTION as_of() RETURNS timestamptz LANGUAGE sql STABLE
AS $$ SELECT nullif(current_setting('gridboard.as_of', true), '')::timestamptz $$;

-- When the trace of a prefecture begins; of all of them where none is named.
CREATE FUNCTION first_act(wanted text) RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT min(e.at) FROM chain_head h CROSS JOIN LATERAL (SELECT min(at) AS at FROM case_event WHERE prefecture = h.prefecture) e
       WHERE wanted = '' OR h.prefecture = wanted $$;

-- Tables as they were at as_of() (read once a statement), by the names that they have now: a transaction about the past looks here first, so that one statement
-- reads either. The views are their owner's, so each holds what the policy of its table does: what may be seen is decided by the
-- present of a case (now_path, and the row in cases), what is shown by its past.
CREATE SCHEMA past;
GRANT USAGE ON SCHEMA past TO gridboard_app;

CREATE VIEW past.span AS
SELECT s.* FROM case_span s
 WHERE s.from_at <= (SELECT as_of()) AND s.to_at > (SELECT as_of()) AND tstzrange(s.from_at, s.to_at) @> (SELECT as_of()) AND s.path >= (SELECT scope('lo')) AND s.path < (SELECT scope('hi'))
   AND s.now_path >= (SELECT scope('lo')) AND s.now_path < (SELECT scope('hi'));

CREATE VIEW past.cases AS
SELECT s.prefecture, s.case_no, coalesce(s.was ->> 'kind', c.kind) AS kind, coalesce(s.was ->> 'category', c.category) AS category,
       coalesce(s.was ->> 'title', c.title) AS title, coalesce(s.was ->> 'description', c.description) AS description,
       coalesce(s.was ->> 'severity', c.severity) AS severity, coalesce(s.was ->> 'source', c.source) AS source, s.status, s.area_id, s.path,
       CASE WHEN s.was IS NULL THEN c.lon ELSE (s.was ->> 'lon')::float8 END AS lon,
       CASE WHEN s.was IS NULL THEN c.lat ELSE (s.was ->> 'lat')::float8 END AS lat,
       CASE WHEN s.was IS NULL THEN c.geom ELSE ST_SetSRID(ST_MakePoint((s.was ->> 'lon')::float8, (s.was ->> 'lat')::float8), 4326) END AS geom,
       s.centre_id, c.centre_path, s.holder_id, c.holder_path, s.sender_id, c.sender_path, s.responsible_id, c.reporter_id, s.version,
       s.reported_at, s.status_since, s.due_at, s.settled_at, s.closed_at, s.returned_n, s.queued_at, s.settle_from, s.settle_due_at,
       s.left_by, s.co_handlers, s.binding, s.paused_until, s.extension_until, s.mediations, s.first_mediation, s.satisfaction,
       s.merged_into, c.needs, c.clocks_since
  FROM case_span s JOIN public.cases c ON c.prefecture = s.prefecture AND c.case_no = s.case_no
 WHERE s.from_at <= (SELECT as_of()) AND s.to_at > (SELECT as_of()) AND tstzrange(s.from_at, s.to_at) @> (SELECT as_of())
   AND ((s.now_path >= (SELECT scope('case_lo')) AND s.now_path < (SELECT scope('case_hi')))
        OR c.holder_id = (SELECT scope_organisation()) OR c.reporter_id = (SELECT scope_organisation())
        OR c.responsible_id = (SELECT scope_organisation()) OR c.co_handlers && ARRAY[(SELECT scope_organisation())]
        OR c.left_by && ARRAY[(SELECT scope_organisation())]);

CREATE VIEW past.area_count AS
SELECT n.prefecture, up.id AS area_id, up.path, sum(n.open_n)::int AS open_n, sum(n.waiting_n)::int AS waiting_n, sum(n.to_file_n)::int AS to_file_n,
       sum(CASE WHEN up.id = n.area_id AND NOT n.leaf THEN n.open_n ELSE 0 END)::int AS unlocated_n
  FROM (SELECT s.prefecture, s.area_id, a.leaf, a.ancestor_ids, count(*) FILTER (WHERE is_open(s.status)) AS open_n,
               count(*) FILTER (WHERE s.status = 'waiting') AS waiting_n, count(*) FILTER (WHERE is_to_file(s.status)) AS to_file_n
          FROM past.span s JOIN area a ON a.id = s.area_id
         WHERE s.status IN ('reported', 'accepted', 'waiting', 'dispatched', 'signed', 'handling', 'paused', 'settled', 'visited')
         GROUP BY 1, 2, 3, 4) n
  JOIN area up ON up.id = ANY (n.ancestor_ids)
 GROUP BY 1, 2, 3;

CREATE VIEW past.area_month AS
SELECT n.prefecture, up.id AS area_id, up.path, n.month, n.category, sum(n.reported)::int AS reported, sum(n.settled)::int AS settled
  FROM (SELECT s.prefecture, a.ancestor_ids, date_trunc('month', d.at AT TIME ZONE (SELECT deployment_timezone()))::date AS month,
               coalesce(s.was ->> 'category', c.category) AS category, sum(d.reported) AS reported, sum(d.settled) AS settled
          FROM past.span s JOIN public.cases c ON c.prefecture = s.prefecture AND c.case_no = s.case_no JOIN area a ON a.id = s.area_id
         CROSS JOIN LATERAL (VALUES (s.reported_at, 1, 0), (s.settled_at, 0, 1)) d (at, reported, settled)
         WHERE d.at IS NOT NULL GROUP BY 1, 2, 3, 4) n
  JOIN area up ON up.id = ANY (n.ancestor_ids)
 GROUP BY 1, 2, 3, 4, 5;

CREATE VIEW past.tier AS
SELECT a.id AS area_id, a.path, h.tier, coalesce(h.computed, h.tier) AS computed, h.score, h.rule_version, h.inputs, h.exposures, h.contributions,
       h.evaluated_at, CASE WHEN h.override_until > (SELECT as_of()) THEN h.tier END AS override_tier, h.override_reason, h.override_until,
       h.override_by, h.override_at, (SELECT min(s.evaluated_at) FROM tier_history s
                         WHERE s.area_id = a.id AND s.evaluated_at <= h.evaluated_at
                           AND s.evaluated_at > coalesce((SELECT max(o.evaluated_at) FROM tier_history o WHERE o.area_id = a.id
                                                             AND o.evaluated_at <= h.evaluated_at AND o.tier <> h.tier), '-infinity')) AS since
  FROM area a
 CROSS JOIN LATERAL (SELECT * FROM tier_history t WHERE t.area_id = a.id AND t.evaluated_at <= (SELECT as_of())
                      ORDER BY t.evaluated_at DESC, t.id DESC LIMIT 1) h
 WHERE a.leaf AND a.path >= (SELECT scope('lo')) AND a.path < (SELECT scope('hi'));
GRANT SELECT ON past.span, past.cases, past.area_count, past.area_month, past.tier TO gridboard_app;

CREATE FUNCTION past.overdue_in(wanted_prefecture text, lo text, hi text, at timestamptz, OUT overdue bigint, OUT next_due_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FILTER (WHERE due_at < at), min(due_at) FILTER (WHERE due_at >= at)
      FROM past.span WHERE prefecture = wanted_prefecture AND path >= lo COLLATE "C" AND path < hi COLLATE "C" AND is_open(status)
$$;
CREATE FUNCTION past.overdue_below(wanted_prefecture text, lo text, hi text, rung int, at timestamptz)
RETURNS TABLE (area_id int, overdue bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.ancestor_ids[rung], count(*) FROM past.span s JOIN area a ON a.id = s.area_id
     WHERE s.prefecture = wanted_prefecture AND s.path >= lo COLLATE "C" AND s.path < hi COLLATE "C" AND s.due_at < at AND is_open(s.status)
     GROUP BY 1
$$;
CREATE FUNCTION past.presence_in(wanted_prefecture text, lo text, hi text)
RETURNS TABLE (lon float, lat float, kind text, severity text, status text, due_at bigint, reported_at bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT v.* FROM (
        SELECT CASE WHEN s.was IS NULL THEN c.lon ELSE (s.was ->> 'lon')::float8 END AS lon,
               CASE WHEN s.was IS NULL THEN c.lat ELSE (s.was ->> 'lat')::float8 END AS lat, coalesce(s.was ->> 'kind', c.kind),
               coalesce(s.was ->> 'severity', c.severity), s.status, extract(epoch FROM s.due_at)::bigint, extract(epoch FROM s.reported_at)::bigint
          FROM past.span s JOIN cases c ON c.prefecture = s.prefecture AND c.case_no = s.case_no
         WHERE s.prefecture = wanted_prefecture AND s.path >= lo COLLATE "C" AND s.path < hi COLLATE "C" AND is_open(s.status)) v
     WHERE v.lon IS NOT NULL ORDER BY v.lon, v.lat
$$;
