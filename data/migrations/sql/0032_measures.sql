-- Disputes reported in [since, before) within 90 days and 200 m after a settled one of the same type, as analysis/repeats.py finds
-- them. Over all cases of the prefecture: whether one repeats another does not depend on who asks. Cells of 0.002 by 0.02
-- degrees are wider than 200 m up to 84 degrees of latitude, so what is near lies in the same cell or one beside it.
CREATE FUNCTION repeat_disputes(wanted_prefecture text, since timestamptz, before timestamptz) RETURNS TABLE (case_no text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH later AS MATERIALIZED (
        SELECT c.case_no, c.category, c.lon, c.lat, c.reported_at, floor(c.lon / 0.02)::int AS x, floor(c.lat / 0.002)::int AS y
          FROM cases c
         WHERE c.prefecture = wanted_prefecture AND c.kind = 'dispute' AND c.lon IS NOT NULL
           AND c.reported_at >= since AND c.reported_at < before
    ), earlier AS MATERIALIZED (
        SELECT c.case_no, c.category, c.lon, c.lat, c.settled_at, floor(c.lon / 0.02)::int + dx AS x, floor(c.lat / 0.002)::int + dy AS y
          FROM cases c, generate_series(-1, 1) dx, generate_series(-1, 1) dy
         WHERE c.prefecture = wanted_prefecture AND c.kind = 'dispute' AND c.lon IS NOT NULL
           AND c.settled_at >= since - interval '2160 hours' AND c.settled_at < before
    )
    SELECT DISTINCT l.case_no
      FROM later l JOIN earlier e ON e.category = l.category AND e.x = l.x AND e.y = l.y
     WHERE e.settled_at <= l.reported_at AND e.settled_at >= l.reported_at - interval '2160 hours' AND e.case_no <> l.case_no
       AND 2 * 6371008.8 * asin(sqrt(least(1, sin(radians(e.lat - l.lat) / 2) ^ 2
               + cos(radians(e.lat)) * cos(radians(l.lat)) * sin(radians(e.lon - l.lon) / 2) ^ 2))) <= 200
$$;
REVOKE ALL ON FUNCTION repeat_disputes(text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION repeat_disputes(text, timestamptz, timestamptz) TO gridboard_app;
