-- How a person has set up the lists: it follows the person to another machine, and is nobody else's to read.
CREATE TABLE list_setting (
    user_id integer NOT NULL, list text NOT NULL, columns text[] NOT NULL, sort text NOT NULL, changed_at timestamptz NOT NULL,
    CONSTRAINT pk_list_setting PRIMARY KEY (user_id, list),
    CONSTRAINT fk_list_setting_user_id FOREIGN KEY (user_id) REFERENCES app_user (id) ON DELETE CASCADE);
ALTER TABLE list_setting ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON list_setting TO gridboard_app USING (user_id = (SELECT coalesce(scope_user(), 0)))
    WITH CHECK (user_id = (SELECT coalesce(scope_user(), 0)));
GRANT SELECT, INSERT, UPDATE (columns, sort, changed_at), DELETE ON list_setting TO gridboard_app;
