-- Quick phrases for the result of a settlement, by language; a settlement can be taken back by whoever made it.
ALTER TABLE category ADD COLUMN results json NOT NULL DEFAULT '{}';

CREATE OR REPLACE FUNCTION known_acts() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['report', 'accept', 'assess', 'dispatch', 'sign', 'start', 'settle', 'undo_settle', 'record_mediation', 'visit', 'archive', 'recall',
                 'return', 'transfer', 'refer_up', 'send_down', 'co_handle', 'pause', 'resume', 'extend', 'grant_extension',
                 'refuse_extension', 'reject', 'merge', 'absorb', 'reopen', 'remind', 'supervise', 'comment']
$$;

-- Each act counts on its own day for the body that held the case then: nothing of it changes afterwards, but a settlement that
-- is taken back is counted no more.
CREATE OR REPLACE FUNCTION fold_outcome() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found record;
    first_try bool := NEW.act = 'record_mediation';
    settles int := CASE NEW.act WHEN 'settle' THEN 1 WHEN 'undo_settle' THEN -1 ELSE 0 END;
    counted timestamptz := NEW.at;
BEGIN
    IF first_try AND EXISTS (SELECT 1 FROM case_event e WHERE e.prefecture = NEW.prefecture AND e.case_no = NEW.case_no
                                AND e.act = 'record_mediation' AND e.version < NEW.version) THEN
        RETURN NULL;
    END IF;
    IF settles < 0 THEN
        SELECT e.at INTO STRICT counted FROM case_event e
         WHERE e.prefecture = NEW.prefecture AND e.case_no = NEW.case_no AND e.act = 'settle' AND e.version < NEW.version
         ORDER BY e.version DESC LIMIT 1;
    END IF;
    SELECT category, settle_due_at AS due INTO STRICT found FROM cases
     WHERE prefecture = NEW.prefecture AND case_no = NEW.case_no;
    INSERT INTO body_day AS d (prefecture, category, day, organisation_id, mediated, at_first, settled, reopened, judged, on_time)
    VALUES (NEW.prefecture, found.category, (counted AT TIME ZONE deployment_timezone())::date, NEW.from_organisation_id,
            first_try::int, coalesce(first_try AND NEW.details ->> 'outcome' = 'success', false)::int, settles,
            (NEW.act = 'reopen')::int, settles * (found.due IS NOT NULL)::int, settles * coalesce(counted <= found.due, false)::int)
    ON CONFLICT (prefecture, category, day, organisation_id) DO UPDATE SET
        mediated = d.mediated + excluded.mediated, at_first = d.at_first + excluded.at_first,
        settled = d.settled + excluded.settled, reopened = d.reopened + excluded.reopened,
        judged = d.judged + excluded.judged, on_time = d.on_time + excluded.on_time;
    RETURN NULL;
END $$;

DROP TRIGGER fold_outcome ON case_event;
CREATE TRIGGER fold_outcome AFTER INSERT ON case_event FOR EACH ROW
    WHEN (NEW.act IN ('record_mediation', 'settle', 'undo_settle', 'reopen') AND NEW.from_organisation_id IS NOT NULL
          AND (current_setting('gridboard.bulk', true) IS DISTINCT FROM 'on' OR current_user = 'gridboard_app'))
    EXECUTE FUNCTION fold_outcome();

-- From the trace. The deadline of a settlement that was reopened later is not known any more: it is not judged.
-- Nor is a settlement whose time no file told (`time_unknown`): it was neither in time nor late.
-- A case that came settled from elsewhere has no such act: it counts for whoever holds it.
CREATE OR REPLACE FUNCTION rebuild_outcomes(wanted text) RETURNS void LANGUAGE sql AS $$
    DELETE FROM body_day WHERE prefecture = wanted;
    WITH acts AS (
        SELECT c.category, e.at, e.from_organisation_id AS body, e.act, e.case_no, e.details ->> 'outcome' AS outcome,
               CASE WHEN (e.details ->> 'time_unknown')::bool THEN NULL ELSE c.settle_due_at END AS due,
               row_number() OVER (PARTITION BY e.case_no, e.act ORDER BY e.version) AS nth,
               lead(e.act) OVER (PARTITION BY e.case_no ORDER BY e.version) = 'undo_settle' AS undone,
               e.act = 'settle' AND e.version > coalesce(max(e.version) FILTER (WHERE e.act = 'reopen') OVER (PARTITION BY e.case_no), 0) AS last
          FROM case_event e JOIN cases c ON c.prefecture = e.prefecture AND c.case_no = e.case_no
         WHERE e.prefecture = wanted AND e.act IN ('record_mediation', 'settle', 'undo_settle', 'reopen') AND e.from_organisation_id IS NOT NULL
    ), counted AS (
        SELECT category, at, body, (act = 'record_mediation')::int AS mediated,
               coalesce(act = 'record_mediation' AND outcome = 'success', false)::int AS at_first, (act = 'settle')::int AS settled,
               (act = 'reopen')::int AS reopened, (last AND due IS NOT NULL)::int AS judged, coalesce(last AND at <= due, false)::int AS on_time
          FROM acts WHERE (act <> 'record_mediation' OR nth = 1) AND act <> 'undo_settle' AND undone IS NOT TRUE
        UNION ALL
        SELECT c.category, c.settled_at, c.holder_id, 0, 0, 1, 0, (c.settle_due_at IS NOT NULL)::int, coalesce(c.settled_at <= c.settle_due_at, false)::int
          FROM cases c
         WHERE c.prefecture = wanted AND c.settled_at IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM acts a WHERE a.case_no = c.case_no AND a.act = 'settle')
    )
    INSERT INTO body_day (prefecture, category, day, organisation_id, mediated, at_first, settled, reopened, judged, on_time)
    SELECT wanted, category, (at AT TIME ZONE deployment_timezone())::date, body, sum(mediated), sum(at_first), sum(settled), sum(reopened),
           sum(judged), sum(on_time)
      FROM counted GROUP BY 1, 2, 3, 4
$$;
