-- days of organisations that differ from the trace (as rebuild_outcomes counts); whether a settlement that was reopened later
-- had been in time is not known any more, so such a day may count it as judged or not
WITH acts AS (
    SELECT e.prefecture, c.category, e.at, e.from_organisation_id AS body, e.act, e.case_no, e.details ->> 'outcome' AS outcome,
           CASE WHEN (e.details ->> 'time_unknown')::bool THEN NULL ELSE c.settle_due_at END AS due,
           row_number() OVER (PARTITION BY e.prefecture, e.case_no, e.act ORDER BY e.version) AS nth,
           lead(e.act) OVER (PARTITION BY e.prefecture, e.case_no ORDER BY e.version) = 'undo_settle' AS undone,
           e.act = 'settle' AND e.version > coalesce(max(e.version) FILTER (WHERE e.act = 'reopen') OVER (PARTITION BY e.prefecture, e.case_no), 0) AS last
      FROM case_event e JOIN cases c ON c.prefecture = e.prefecture AND c.case_no = e.case_no
     WHERE e.act IN ('record_mediation', 'settle', 'undo_settle', 'reopen') AND e.from_organisation_id IS NOT NULL
), counted AS (
    SELECT prefecture, category, at, body, (act = 'record_mediation')::int AS mediated, coalesce(act = 'record_mediation' AND outcome = 'success', false)::int AS at_first,
           (act = 'settle')::int AS settled, (act = 'reopen')::int AS reopened, (last AND due IS NOT NULL)::int AS judged,
           coalesce(last AND at <= due, false)::int AS on_time, (act = 'settle' AND NOT last)::int AS doubtful
      FROM acts WHERE (act <> 'record_mediation' OR nth = 1) AND act <> 'undo_settle' AND undone IS NOT TRUE
    UNION ALL
    SELECT c.prefecture, c.category, c.settled_at, c.holder_id, 0, 0, 1, 0, (c.settle_due_at IS NOT NULL)::int, coalesce(c.settled_at <= c.settle_due_at, false)::int, 0
      FROM cases c
     WHERE c.settled_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM case_event a WHERE a.prefecture = c.prefecture AND a.case_no = c.case_no AND a.act = 'settle' AND a.from_organisation_id IS NOT NULL)
), found AS (
    SELECT prefecture, category, (at AT TIME ZONE deployment_timezone())::date AS day, body AS organisation_id, sum(mediated) AS mediated,
           sum(at_first) AS at_first, sum(settled) AS settled, sum(reopened) AS reopened, sum(judged) AS judged, sum(on_time) AS on_time, sum(doubtful) AS doubtful
      FROM counted GROUP BY 1, 2, 3, 4
)
SELECT coalesce(k.prefecture, f.prefecture) AS prefecture, coalesce(k.category, f.category) AS category, coalesce(k.day, f.day) AS day,
       coalesce(o.code, coalesce(k.organisation_id, f.organisation_id)::text) AS body,
       format('%s/%s/%s/%s/%s/%s', k.mediated, k.at_first, k.settled, k.reopened, k.judged, k.on_time) AS kept,
       format('%s/%s/%s/%s/%s/%s', f.mediated, f.at_first, f.settled, f.reopened, f.judged, f.on_time) AS found
  FROM body_day k
  FULL JOIN found f ON f.prefecture = k.prefecture AND f.category = k.category AND f.day = k.day AND f.organisation_id = k.organisation_id
  LEFT JOIN organisation o ON o.id = coalesce(k.organisation_id, f.organisation_id)
 WHERE (coalesce(k.mediated, 0), coalesce(k.at_first, 0), coalesce(k.settled, 0), coalesce(k.reopened, 0))
       <> (coalesce(f.mediated, 0), coalesce(f.at_first, 0), coalesce(f.settled, 0), coalesce(f.reopened, 0))
    OR coalesce(k.judged, 0) NOT BETWEEN coalesce(f.judged, 0) AND coalesce(f.judged, 0) + coalesce(f.doubtful, 0)
    OR coalesce(k.on_time, 0) NOT BETWEEN coalesce(f.on_time, 0) AND coalesce(f.on_time, 0) + coalesce(f.doubtful, 0)
 ORDER BY 1, 3, 2, 4
