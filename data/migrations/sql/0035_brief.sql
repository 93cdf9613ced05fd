-- At what time of the local day a person has the morning brief sent; `sent_on`: the day of the last one.
CREATE TABLE brief_setting (
    user_id integer NOT NULL, at time NOT NULL, sent_on date, changed_at timestamptz NOT NULL,
    CONSTRAINT pk_brief_setting PRIMARY KEY (user_id),
    CONSTRAINT fk_brief_setting_user_id FOREIGN KEY (user_id) REFERENCES app_user (id) ON DELETE CASCADE);
ALTER TABLE brief_setting ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON brief_setting TO gridboard_app USING (user_id = (SELECT coalesce(scope_user(), 0)))
    WITH CHECK (user_id = (SELECT coalesce(scope_user(), 0)));
GRANT SELECT, INSERT, UPDATE (at, sent_on, changed_at), DELETE ON brief_setting TO gridboard_app;
