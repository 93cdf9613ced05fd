-- How many cases each of several bodies has at hand: planned once, where open_load is planned for every body. Whatever the
-- viewer may see of the cases, it tells the numbers alone.
CREATE FUNCTION open_loads(wanted_prefecture text, bodies int[]) RETURNS TABLE (organisation_id int, held int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format($q$SELECT holder_id, count(*)::int FROM cases
        WHERE prefecture = %L AND holder_id = ANY ($1) AND status IN ('dispatched', 'signed', 'handling', 'paused')
        GROUP BY 1$q$, wanted_prefecture)
    USING bodies;
END $$;
DROP FUNCTION open_load(text, int);
