-- From the trace. The deadline of a settlement that was reopened later is not known any more: it is not judged.
-- Nor is a settlement whose time no file told (`time_unknown`): it was neither in time nor late.
-- A case that came settled from elsewhere has no such act: it counts for whoever holds it.
CREATE OR REPLACE FUNCTION rebuild_outcomes(wanted text) RETURNS void LANGUAGE sql AS $$
    DELETE FROM body_day WHERE prefecture = wanted;
    WITH acts AS (
        SELECT c.category, e.at, e.from_organisation_id AS body, e.act, e.case_no, e.details ->> 'outcome' AS outcome,
               CASE WHEN (e.details ->> 'time_unknown')::bool THEN NULL ELSE c.settle_due_at END AS due,
               row_number() OVER (PARTITION BY e.case_no, e.act ORDER BY e.version) AS nth,
               e.act = 'settle' AND e.version > coalesce(max(e.version) FILTER (WHERE e.act = 'reopen') OVER (PARTITION BY e.case_no), 0) AS last
          FROM case_event e JOIN cases c ON c.prefecture = e.prefecture AND c.case_no = e.case_no
         WHERE e.prefecture = wanted AND e.act IN ('record_mediation', 'settle', 'reopen') AND e.from_organisation_id IS NOT NULL
    ), counted AS (
        SELECT category, at, body, (act = 'record_mediation')::int AS mediated,
               coalesce(act = 'record_mediation' AND outcome = 'success', false)::int AS at_first, (act = 'settle')::int AS settled,
               (act = 'reopen')::int AS reopened, (last AND due IS NOT NULL)::int AS judged, coalesce(last AND at <= due, false)::int AS on_time
          FROM acts WHERE act <> 'record_mediation' OR nth = 1
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
