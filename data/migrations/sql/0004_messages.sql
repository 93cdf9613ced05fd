-- What was written before anything sent it is not sent now.
UPDATE outbox SET sent_at = created_at WHERE sent_at IS NULL;

ALTER TABLE delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_notice ENABLE ROW LEVEL SECURITY;
-- Deliveries name cases but tell nothing of them; they are for an admin of the whole deployment and for the system.
CREATE FUNCTION scope_messages() RETURNS bool LANGUAGE sql STABLE
AS $$ SELECT coalesce(current_setting('gridboard.messages', true), '') = 'on' $$;
CREATE POLICY messages ON delivery TO gridboard_app USING ((SELECT scope_messages())) WITH CHECK ((SELECT scope_messages()));
CREATE POLICY messages ON contact TO gridboard_app USING ((SELECT scope_messages()));
CREATE POLICY messages ON outbox FOR UPDATE TO gridboard_app USING ((SELECT scope_messages())) WITH CHECK (true);
CREATE POLICY within_scope ON case_notice FOR SELECT TO gridboard_app USING (
    (path >= (SELECT scope('event_lo')) AND path < (SELECT scope('event_hi')))
    OR ((SELECT scope_organisation()) IS NOT NULL AND EXISTS (
        SELECT 1 FROM cases c WHERE c.prefecture = case_notice.prefecture AND c.case_no = case_notice.case_no)));
CREATE POLICY append ON case_notice FOR INSERT TO gridboard_app WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON delivery TO gridboard_app;
GRANT SELECT ON contact TO gridboard_app;
GRANT UPDATE (sent_at) ON outbox TO gridboard_app;
GRANT SELECT, INSERT ON case_notice TO gridboard_app;
GRANT SELECT, INSERT, DELETE ON auto_dispatch TO gridboard_app;
