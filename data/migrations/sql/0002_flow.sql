-- What the foundation knew, in the new columns; the row triggers do not count it as a change of a case.
SELECT set_config('gridboard.bulk', 'on', true);
UPDATE cases c SET
    queued_at = greatest(c.reported_at, coalesce((SELECT max(e.at) FROM case_event e
        WHERE e.prefecture = c.prefecture AND e.case_no = c.case_no AND e.act IN ('return', 'reopen', 'refer_up', 'send_down')),
        c.reported_at)),
    settle_from = c.reported_at,
    settle_due_at = c.reported_at + CASE c.severity WHEN 'grave' THEN interval '30 days' ELSE interval '15 days' END,
    sender_path = (SELECT o.path FROM organisation o WHERE o.id = c.sender_id),
    left_by = coalesce((SELECT array_agg(DISTINCT e.from_organisation_id) FROM case_event e
        WHERE e.prefecture = c.prefecture AND e.case_no = c.case_no AND e.act IN ('return', 'transfer', 'refer_up')
          AND e.from_organisation_id IS NOT NULL), '{}'),
    mediations = (SELECT count(*) FROM case_event e
        WHERE e.prefecture = c.prefecture AND e.case_no = c.case_no AND e.act = 'record_mediation'),
    first_mediation = (SELECT e.details ->> 'outcome' FROM case_event e
        WHERE e.prefecture = c.prefecture AND e.case_no = c.case_no AND e.act = 'record_mediation' ORDER BY e.seq LIMIT 1),
    satisfaction = (SELECT (e.details ->> 'satisfaction')::smallint FROM case_event e
        WHERE e.prefecture = c.prefecture AND e.case_no = c.case_no AND e.act = 'visit' ORDER BY e.seq DESC LIMIT 1),
    paused_until = CASE WHEN c.status = 'paused' THEN (SELECT (e.details ->> 'until')::timestamptz FROM case_event e
        WHERE e.prefecture = c.prefecture AND e.case_no = c.case_no AND e.act = 'pause' ORDER BY e.seq DESC LIMIT 1) END;
SELECT set_config('gridboard.bulk', 'off', true);

-- Whoever handles with the holder sees the case and may say something on it. Whoever gave it up still sees what became
-- of it: the row that its return leaves behind has to be one that it sees.
DROP POLICY within_scope ON cases;
CREATE POLICY within_scope ON cases FOR SELECT TO gridboard_app USING (
    (path >= (SELECT scope('case_lo')) AND path < (SELECT scope('case_hi')))
    OR holder_id = (SELECT scope_organisation())
    OR reporter_id = (SELECT scope_organisation())
    OR responsible_id = (SELECT scope_organisation())
    OR co_handlers && ARRAY[(SELECT scope_organisation())]
    OR left_by && ARRAY[(SELECT scope_organisation())]);
DROP POLICY move ON cases;
CREATE POLICY move ON cases FOR UPDATE TO gridboard_app USING (
    (path >= (SELECT scope('case_lo')) AND path < (SELECT scope('case_hi')))
    OR holder_id = (SELECT scope_organisation())
    OR co_handlers && ARRAY[(SELECT scope_organisation())]) WITH CHECK (true);
