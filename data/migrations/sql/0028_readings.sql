-- Counts of areas at a few hours of each day (data/commands/readings.py): figures are compared with those of yesterday and of the
-- same weekday. Only areas with cases have rows; the moments that were read stand apart, so that no row means none.
CREATE TABLE reading_moment (
    prefecture text NOT NULL, at timestamptz NOT NULL, overdue_known boolean NOT NULL, stale boolean DEFAULT false NOT NULL,
    CONSTRAINT pk_reading_moment PRIMARY KEY (prefecture, at));
CREATE TABLE area_reading (
    prefecture text NOT NULL, area_id integer NOT NULL, path text COLLATE "C" NOT NULL, at timestamptz NOT NULL, open_n integer NOT NULL,
    waiting_n integer NOT NULL, to_file_n integer NOT NULL, overdue_n integer,
    CONSTRAINT pk_area_reading PRIMARY KEY (prefecture, area_id, at));
ALTER TABLE area_reading ENABLE ROW LEVEL SECURITY;
CREATE POLICY within_scope ON area_reading FOR SELECT TO gridboard_app
    USING (path >= (SELECT scope('lo')) AND path < (SELECT scope('hi')));
GRANT SELECT ON reading_moment, area_reading TO gridboard_app;
