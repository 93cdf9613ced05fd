-- What is remembered of cases depends on their facts too: they also change without a number of the world (deadlines that are
-- computed anew), but never without a link in the chain of facts.
DROP FUNCTION world_stamp();
CREATE FUNCTION world_stamp(OUT seq bigint, OUT seals bigint, OUT areas bigint, OUT figures bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT greatest((SELECT coalesce(max(c.seq), 0) FROM chain_head c), (SELECT coalesce(max(t.seq), 0) FROM tier_change t)),
           (SELECT coalesce(sum(c.seal_n), 0)::bigint FROM chain_head c),
           coalesce((SELECT (value #>> '{}')::bigint FROM deployment WHERE key = 'areas_revision'), 0),
           coalesce((SELECT (value #>> '{}')::bigint FROM deployment WHERE key = 'figures_revision'), 0)
$$;

-- Lists name the category and the holder of a case.
CREATE TRIGGER raise_figures AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON category FOR EACH STATEMENT EXECUTE FUNCTION raise_figures();
CREATE TRIGGER raise_figures AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON organisation FOR EACH STATEMENT EXECUTE FUNCTION raise_figures();
