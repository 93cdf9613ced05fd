-- Emerging clusters: what the latest scans found, and the cases that each holds.
CREATE TABLE scan_run (
    id integer GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL, state text NOT NULL, share double precision NOT NULL DEFAULT 0,
    started_at timestamptz NOT NULL, beat_at timestamptz NOT NULL, by_role text NOT NULL,
    CONSTRAINT pk_scan_run PRIMARY KEY (id), CONSTRAINT known_state CHECK (state IN ('running', 'done', 'cancelled', 'failed')));
-- two who want one at once get one
CREATE UNIQUE INDEX uq_scan_run_running ON scan_run (state) WHERE state = 'running';
CREATE INDEX ix_scan_run_done ON scan_run (at) WHERE state = 'done';
CREATE TABLE cluster (
    id integer GENERATED ALWAYS AS IDENTITY, run_id integer NOT NULL, prefecture text NOT NULL, path text COLLATE "C" NOT NULL, category text,
    lon double precision NOT NULL, lat double precision NOT NULL, radius_m double precision NOT NULL, first_day date NOT NULL, last_day date NOT NULL,
    observed integer NOT NULL, expected double precision NOT NULL, llr double precision NOT NULL, p double precision NOT NULL,
    CONSTRAINT pk_cluster PRIMARY KEY (id), CONSTRAINT fk_cluster_run_id FOREIGN KEY (run_id) REFERENCES scan_run (id) ON DELETE CASCADE);
CREATE INDEX ix_cluster_run_id ON cluster (run_id);
CREATE TABLE cluster_case (
    cluster_id integer NOT NULL, prefecture text NOT NULL, case_no text COLLATE "C" NOT NULL,
    CONSTRAINT pk_cluster_case PRIMARY KEY (cluster_id, prefecture, case_no),
    CONSTRAINT fk_cluster_case_cluster_id FOREIGN KEY (cluster_id) REFERENCES cluster (id) ON DELETE CASCADE);
CREATE INDEX ix_cluster_case_case_no ON cluster_case (prefecture, case_no);
ALTER TABLE cluster ENABLE ROW LEVEL SECURITY;
CREATE POLICY within_scope ON cluster FOR SELECT TO gridboard_app USING (path >= (SELECT scope('lo')) AND path < (SELECT scope('hi')));
ALTER TABLE cluster_case ENABLE ROW LEVEL SECURITY;
CREATE POLICY within_scope ON cluster_case FOR SELECT TO gridboard_app
    USING (EXISTS (SELECT 1 FROM cluster c WHERE c.id = cluster_case.cluster_id));
GRANT SELECT ON scan_run, cluster, cluster_case TO gridboard_app;
CREATE TRIGGER raise_figures AFTER INSERT OR DELETE OR TRUNCATE ON cluster FOR EACH STATEMENT EXECUTE FUNCTION raise_figures();
