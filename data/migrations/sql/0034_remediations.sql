-- Targeted remediations (定点整治): some grids, a goal, measures, posts, a period; its notes; what it did is estimated when asked.
CREATE TABLE remediation (
    id integer GENERATED ALWAYS AS IDENTITY, prefecture text NOT NULL, goal text NOT NULL, measures json NOT NULL, people json NOT NULL,
    kinds text[] NOT NULL, begins date NOT NULL, ends date NOT NULL, checklist json NOT NULL, by_role text NOT NULL, organisation_id integer,
    created_at timestamptz NOT NULL, closed_at timestamptz, closing text,
    CONSTRAINT pk_remediation PRIMARY KEY (id), CONSTRAINT right_way CHECK (ends > begins),
    CONSTRAINT fk_remediation_organisation_id FOREIGN KEY (organisation_id) REFERENCES organisation (id));
CREATE TABLE remediation_area (
    remediation_id integer NOT NULL, area_id integer NOT NULL, path text COLLATE "C" NOT NULL,
    CONSTRAINT pk_remediation_area PRIMARY KEY (remediation_id, area_id),
    CONSTRAINT fk_remediation_area_remediation_id FOREIGN KEY (remediation_id) REFERENCES remediation (id) ON DELETE CASCADE,
    CONSTRAINT fk_remediation_area_area_id FOREIGN KEY (area_id) REFERENCES area (id) ON DELETE CASCADE);
CREATE INDEX ix_remediation_area_path ON remediation_area (path);
CREATE TABLE remediation_note (
    id integer GENERATED ALWAYS AS IDENTITY, remediation_id integer NOT NULL, at timestamptz NOT NULL, by_role text NOT NULL,
    organisation_id integer, note text NOT NULL, CONSTRAINT pk_remediation_note PRIMARY KEY (id),
    CONSTRAINT fk_remediation_note_remediation_id FOREIGN KEY (remediation_id) REFERENCES remediation (id) ON DELETE CASCADE,
    CONSTRAINT fk_remediation_note_organisation_id FOREIGN KEY (organisation_id) REFERENCES organisation (id));
CREATE INDEX ix_remediation_note_remediation_id ON remediation_note (remediation_id, at);
ALTER TABLE remediation ENABLE ROW LEVEL SECURITY;
ALTER TABLE remediation_area ENABLE ROW LEVEL SECURITY;
ALTER TABLE remediation_note ENABLE ROW LEVEL SECURITY;
CREATE POLICY within_scope ON remediation_area FOR SELECT TO gridboard_app USING (path >= (SELECT scope('lo')) AND path < (SELECT scope('hi')));
CREATE POLICY within_scope ON remediation FOR SELECT TO gridboard_app
    USING (EXISTS (SELECT 1 FROM remediation_area a WHERE a.remediation_id = remediation.id));
CREATE POLICY within_scope ON remediation_note FOR SELECT TO gridboard_app
    USING (EXISTS (SELECT 1 FROM remediation_area a WHERE a.remediation_id = remediation_note.remediation_id));
GRANT SELECT ON remediation, remediation_area, remediation_note TO gridboard_app;
