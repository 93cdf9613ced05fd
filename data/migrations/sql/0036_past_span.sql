-- The place of then follows from the area that is asked about, which lies in the asker's. A condition on it, of which the planner
-- knows no value, made it read all spans of the area by their place instead of those of the moment.
CREATE OR REPLACE VIEW past.span AS
SELECT s.* FROM case_span s
 WHERE s.from_at <= (SELECT as_of()) AND s.to_at > (SELECT as_of()) AND tstzrange(s.from_at, s.to_at) @> (SELECT as_of())
   AND s.now_path >= (SELECT scope('lo')) AND s.now_path < (SELECT scope('hi'));
