-- Words to search by, kept by the database whoever writes. Functions name the schema: a backup is restored without a search path.

-- Full width, ligatures and case made one, and without the marks that one does not see. Python's twin: rules/search_words.py.
CREATE FUNCTION search_folded(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(normalize(regexp_replace(normalize(words, NFKC),
        '[\u00AD\u034F\u061C\u180B-\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFEFF]', '', 'g'), NFKC))
$$;

-- A number as it is compared: without hyphens, brackets, blanks.
CREATE FUNCTION search_letters(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(public.search_folded(words), '[^0-9a-z\u00AA\u00B5\u00BA\u00DF-\u00F6\u00F8-\u02AF\u0300-\u034E\u0350-\u036F\u0370-\u052F\u0561-\u0587\u05D0-\u05EA\u0620-\u0669\u1E00-\u1FFF\u0E01-\u0FFF\u1000-\u109F\u1950-\u19DF\u1A20-\u1AAF\u3005-\u3007\u3040-\u30FA\u30FC-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7AF\uF900-\uFAFF\U00020000-\U0003FFFF]+', '', 'g')
$$;

-- Words where a script has blanks; pairs of characters, and the last one alone, where it has none: an index of three letters would
-- not find a word of two.
CREATE FUNCTION search_vector(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_to_tsvector(array_agg(CASE WHEN run[1] IS NULL THEN substr(run[2], n, 2) ELSE left(run[1], 64) END)), '')
      FROM regexp_matches(public.search_folded(words), '([0-9a-z\u00AA\u00B5\u00BA\u00DF-\u00F6\u00F8-\u02AF\u0300-\u034E\u0350-\u036F\u0370-\u052F\u0561-\u0587\u05D0-\u05EA\u0620-\u0669\u1E00-\u1FFF]+)|([\u0E01-\u0FFF\u1000-\u109F\u1950-\u19DF\u1A20-\u1AAF\u3005-\u3007\u3040-\u30FA\u30FC-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7AF\uF900-\uFAFF\U00020000-\U0003FFFF]+)', 'g') run,
           generate_series(1, CASE WHEN run[1] IS NULL THEN length(run[2]) ELSE 1 END) n
$$;

-- The areas above a place, and itself, as words that nobody can type: '@532801'.
CREATE FUNCTION place_vector(path text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_to_tsvector(array_agg('@' || code)), '') FROM unnest(string_to_array(rtrim(path, '/'), '/')) code WHERE code <> ''
$$;
CREATE FUNCTION name_vector(code text, name text, names json, pinyin text, path text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT public.search_vector(concat_ws(' ', code, name, pinyin,
               (SELECT string_agg(value, ' ') FROM json_each_text(CASE WHEN json_typeof(names) = 'object' THEN names ELSE '{}' END))))
           || public.place_vector(path)
$$;
-- Each name, and the spelling and initials of the whole name, which stand first in pinyin, on a line of its own.
CREATE FUNCTION name_lines(code text, name text, short_name text, names json, pinyin text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT E'\n' || public.search_folded(concat_ws(E'\n', code, name, short_name,
               (SELECT string_agg(value, E'\n') FROM json_each_text(CASE WHEN json_typeof(names) = 'object' THEN names ELSE '{}' END)),
               split_part(pinyin, ' ', 1), split_part(pinyin, ' ', 2))) || E'\n'
$$;
CREATE FUNCTION case_vector(case_no text, title text, path text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT public.search_vector(case_no || ' ' || title) || public.place_vector(path)
$$;

-- Names. `pinyin` is written by data/pinyin.py; null until then, and again when the name becomes another.
ALTER TABLE area ALTER pinyin DROP NOT NULL, ALTER pinyin DROP DEFAULT;
ALTER TABLE organisation ADD pinyin text;
ALTER TABLE key_place ADD pinyin text;
DROP INDEX ix_area_pinyin;
UPDATE area SET pinyin = NULL;
ALTER TABLE area ADD words tsvector GENERATED ALWAYS AS (name_vector(code, name, names, pinyin, path)) STORED,
    ADD called text GENERATED ALWAYS AS (name_lines(code, name, short_name, names, pinyin)) STORED;
ALTER TABLE organisation ADD words tsvector GENERATED ALWAYS AS (name_vector(code, name, names, pinyin, path)) STORED,
    ADD called text GENERATED ALWAYS AS (name_lines(code, name, name, names, pinyin)) STORED;
ALTER TABLE key_place ADD words tsvector GENERATED ALWAYS AS (name_vector(code, name, names, pinyin, path)) STORED,
    ADD called text GENERATED ALWAYS AS (name_lines(code, name, name, names, pinyin)) STORED;
CREATE INDEX ix_area_words ON area USING gin (words);
CREATE INDEX ix_organisation_words ON organisation USING gin (words);
CREATE INDEX ix_key_place_words ON key_place USING gin (words);
CREATE FUNCTION forget_pinyin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.pinyin := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER forget_pinyin BEFORE UPDATE OF name, short_name ON area FOR EACH ROW
    WHEN ((OLD.name, OLD.short_name) IS DISTINCT FROM (NEW.name, NEW.short_name) AND OLD.pinyin = NEW.pinyin) EXECUTE FUNCTION forget_pinyin();
CREATE TRIGGER forget_pinyin BEFORE UPDATE OF name ON organisation FOR EACH ROW
    WHEN (OLD.name <> NEW.name AND OLD.pinyin = NEW.pinyin) EXECUTE FUNCTION forget_pinyin();
CREATE TRIGGER forget_pinyin BEFORE UPDATE OF name ON key_place FOR EACH ROW
    WHEN (OLD.name <> NEW.name AND OLD.pinyin = NEW.pinyin) EXECUTE FUNCTION forget_pinyin();

-- Cases. A table of its own: a move, which changes no title, leaves it alone, and the facts of a case (0013) stay what they are.
-- `tail` is the number from its end. The application reads it through search_cases alone.
CREATE TABLE case_search (
    prefecture text NOT NULL,
    case_no text COLLATE "C" NOT NULL,
    reported_at timestamptz NOT NULL,
    tail text COLLATE "C" NOT NULL,
    words tsvector NOT NULL,
    PRIMARY KEY (prefecture, case_no)
) PARTITION BY LIST (prefecture);
CREATE INDEX ix_case_search_reported ON case_search (reported_at);
CREATE INDEX ix_case_search_tail ON case_search (tail);
CREATE INDEX ix_case_search_words ON case_search USING gin (words);

CREATE OR REPLACE FUNCTION create_prefecture(code text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    suffix text := CASE WHEN code ~ '^[a-z0-9_]{1,40}$' THEN code ELSE md5(code) END;
    parent text;
    fresh int;
BEGIN
    FOREACH parent IN ARRAY ARRAY['cases', 'case_event', 'outbox', 'case_search'] LOOP
        EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES IN (%L)',
                       parent || '_p_' || suffix, parent, code);
    END LOOP;
    INSERT INTO chain_head (prefecture, seq, hash) VALUES (code, 0, '\x') ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS fresh = ROW_COUNT;
    IF fresh = 1 THEN
        PERFORM seal_identity(code);
    END IF;
END $$;
SELECT create_prefecture(prefecture) FROM chain_head;

-- Everything again from the cases: for what was written without triggers.
CREATE FUNCTION rebuild_search(wanted text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM case_search WHERE prefecture = wanted;
    INSERT INTO case_search (prefecture, case_no, reported_at, tail, words)
    SELECT prefecture, case_no, reported_at, reverse(search_letters(case_no)), case_vector(case_no, title, path)
      FROM cases WHERE prefecture = wanted;
END $$;
SELECT rebuild_search(prefecture) FROM chain_head;

CREATE FUNCTION index_new_cases() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO case_search (prefecture, case_no, reported_at, tail, words)
    SELECT prefecture, case_no, reported_at, reverse(search_letters(case_no)), case_vector(case_no, title, path) FROM fresh;
    RETURN NULL;
END $$;
CREATE FUNCTION index_changed_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM case_search WHERE prefecture = OLD.prefecture AND case_no = OLD.case_no;
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO case_search (prefecture, case_no, reported_at, tail, words)
        VALUES (NEW.prefecture, NEW.case_no, NEW.reported_at, reverse(search_letters(NEW.case_no)), case_vector(NEW.case_no, NEW.title, NEW.path));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER index_new_cases AFTER INSERT ON cases REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION index_new_cases();
CREATE TRIGGER index_changed_case AFTER UPDATE OF prefecture, case_no, title, path, reported_at ON cases FOR EACH ROW
    WHEN ((OLD.prefecture, OLD.case_no, OLD.title, OLD.path, OLD.reported_at)
          IS DISTINCT FROM (NEW.prefecture, NEW.case_no, NEW.title, NEW.path, NEW.reported_at))
    EXECUTE FUNCTION index_changed_case();
CREATE TRIGGER index_gone_case AFTER DELETE ON cases FOR EACH ROW EXECUTE FUNCTION index_changed_case();

-- '@532801' as PostgreSQL reads it in a tsquery.
CREATE FUNCTION place_query(code text) RETURNS tsquery LANGUAGE sql IMMUTABLE
AS $$ SELECT ('''@' || replace(replace(code, '\', '\\'), '''', '''''') || '''')::tsquery $$;
-- The last area of a path.
CREATE FUNCTION last_code(path text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT substring(path FROM '([^/]+)/$') $$;

-- All words, each in the text itself or in the name of an area above it, and at least one in the text: "North Beach Vallejo".
CREATE FUNCTION search_query(words tsquery[]) RETURNS tsquery
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    word tsquery;
    places text;
    everywhere tsquery;
    itself tsquery;
BEGIN
    IF cardinality(words) = 1 THEN
        RETURN words[1];
    END IF;
    FOREACH word IN ARRAY words LOOP
        -- an area within one that has the word adds nothing
        WITH hits AS (SELECT a.id, a.code, a.ancestor_ids FROM area a
                       WHERE a.words @@ word AND a.path >= (SELECT scope('lo')) AND a.path < (SELECT scope('hi'))
                       ORDER BY a.depth, a.code LIMIT 50)
        SELECT string_agg(place_query(h.code)::text, ' | ') INTO places FROM hits h
         WHERE NOT EXISTS (SELECT 1 FROM hits up WHERE up.id <> h.id AND up.id = ANY (h.ancestor_ids));
        itself := coalesce(itself || word, word);
        word := coalesce(word || places::tsquery, word);
        everywhere := coalesce(everywhere && word, word);
    END LOOP;
    RETURN everywhere && itself;
END $$;

-- Names that hold the words, those that begin with what was typed first: the door through row level security, which `@@` would
-- keep from its index. `kind`: area, organisation, place.
CREATE FUNCTION search_names(words tsquery[], typed text, most int)
RETURNS TABLE (kind text, id int, rank int)
LANGUAGE plpgsql STABLE ROWS 40 SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted tsquery := search_query(words);
BEGIN
    RETURN QUERY
    (SELECT 'area', a.id, name_rank(typed, a.called) AS r
       FROM (SELECT area.id, area.depth, area.code, area.called FROM area WHERE area.words @@ wanted AND path >= (SELECT scope('lo')) AND path < (SELECT scope('hi'))
              ORDER BY area.depth, area.code LIMIT 1000) a
      ORDER BY r, a.depth, a.code LIMIT most)
    UNION ALL
    (SELECT 'organisation', o.id, name_rank(typed, o.called) AS r
       FROM (SELECT organisation.id, organisation.path, organisation.called FROM organisation WHERE organisation.words @@ wanted AND active
                AND path >= (SELECT scope('lo')) AND path < (SELECT scope('hi')) ORDER BY path LIMIT 1000) o
      ORDER BY r, o.path, o.id LIMIT most)
    UNION ALL
    (SELECT 'place', p.id, name_rank(typed, p.called) AS r
       FROM (SELECT key_place.id, key_place.path, key_place.called FROM key_place WHERE key_place.words @@ wanted
                AND path >= (SELECT scope('lo')) AND path < (SELECT scope('hi')) ORDER BY path LIMIT 1000) p
      ORDER BY r, p.path, p.id LIMIT most);
END $$;

-- 0: is a name, 1: begins one, 2: is in one, 3: its words.
CREATE FUNCTION name_rank(typed text, called text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN strpos(called, E'\n' || typed || E'\n') > 0 THEN 0 WHEN strpos(called, E'\n' || typed) > 0 THEN 1
                WHEN strpos(called, typed) > 0 THEN 2 ELSE 3 END
$$;

-- Numbers of cases, the newest first: those with this number (0) or an end of it (1), then those with the words (2), within `near`
-- before the others. Among the newest first, where a common word is found at once; only rarer ones are looked up in the index, so
-- that no query sorts a tenth of all cases. The place is a word of the index as well: a small area costs little.
CREATE FUNCTION search_cases(wanted_prefecture text, words tsquery[], ending text, near text, most int)
RETURNS TABLE (case_no text, rank int)
LANGUAGE plpgsql STABLE ROWS 40 SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own int := scope_organisation();
    hi text := scope('case_hi');
    -- where cases are seen by their place, the place is the index's affair; else the row of the case says it
    seen text := CASE WHEN own IS NULL THEN 'true' ELSE format($q$CASE WHEN s.words @@ $1 THEN EXISTS (SELECT 1 FROM cases c
        WHERE c.prefecture = %L AND c.case_no = s.case_no AND (c.holder_id = $3 OR c.reporter_id = $3 OR c.responsible_id = $3
              OR c.co_handlers && ARRAY[$3] OR c.left_by && ARRAY[$3])) END$q$, wanted_prefecture) END;
    -- that of the whole prefecture is in every row: it would only be read
    place tsquery := CASE WHEN hi NOT IN ('', '~') AND scope('case_lo') <> wanted_prefecture || '/' THEN place_query(last_code(scope('case_lo'))) END;
    wanted tsquery := CASE WHEN cardinality(words) > 0 THEN search_query(words) END;
    narrow tsquery;
    had text[] := '{}';
    fresh text[];
BEGIN
    IF own IS NULL AND hi = '' THEN
        RETURN;
    END IF;
    IF ending <> '' THEN
        RETURN QUERY EXECUTE format($q$
            SELECT s.case_no, (s.tail <> $4)::int FROM case_search s
             WHERE s.prefecture = %L AND s.tail >= $4 AND s.tail < $4 || U&'\+10FFFF' AND ($1 IS NULL OR s.words @@ $1) AND (%s)
             ORDER BY 2, s.reported_at DESC LIMIT $2$q$, wanted_prefecture, replace(seen, 's.words @@ $1', 'true'))
        USING place, most, own, ending;
    END IF;
    IF wanted IS NULL THEN
        RETURN;
    END IF;
    wanted := coalesce(place && wanted, wanted);
    IF own IS NOT NULL THEN
        -- what a body has in hand it finds however old
        EXECUTE format($q$
            SELECT coalesce(array_agg(n.case_no), '{}') FROM (
                SELECT c.case_no FROM cases c JOIN case_search s ON s.prefecture = c.prefecture AND s.case_no = c.case_no
                 WHERE c.prefecture = %L AND c.holder_id = $3 AND c.status NOT IN ('archived', 'rejected', 'merged') AND s.words @@ $1
                 ORDER BY c.reported_at DESC LIMIT $2) n$q$, wanted_prefecture)
          INTO had USING wanted, most, own;
        RETURN QUERY SELECT h, 2 FROM unnest(had) WITH ORDINALITY u (h, n) ORDER BY n;
    END IF;
    FOREACH narrow IN ARRAY CASE WHEN near = '' THEN ARRAY[wanted] ELSE ARRAY[place_query(near) && wanted, wanted] END LOOP
        EXECUTE format($q$
            SELECT coalesce(array_agg(n.case_no), '{}') FROM (
                SELECT s.case_no FROM (SELECT * FROM case_search WHERE prefecture = %L ORDER BY reported_at DESC LIMIT 4000) s
                 WHERE s.words @@ $1 AND (%s) LIMIT $2) n$q$, wanted_prefecture, seen)
          INTO fresh USING narrow, most, own;
        IF cardinality(fresh) < most THEN
            EXECUTE format($q$
                WITH hits AS MATERIALIZED (SELECT case_no, reported_at, words FROM case_search WHERE prefecture = %L AND words @@ $1),
                newest AS MATERIALIZED (SELECT * FROM hits ORDER BY reported_at DESC LIMIT CASE WHEN $3 IS NULL THEN $2 ELSE 3000 END)
                SELECT coalesce(array_agg(n.case_no), '{}') FROM (SELECT s.case_no FROM newest s WHERE %s LIMIT $2) n$q$,
                wanted_prefecture, seen)
              INTO fresh USING narrow, most, own;
        END IF;
        RETURN QUERY SELECT f, 2 FROM unnest(fresh) WITH ORDINALITY u (f, n) WHERE f <> ALL (had) ORDER BY n;
        had := had || fresh;
        EXIT WHEN cardinality(had) >= most;
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION rebuild_search(text), search_query(tsquery[]), index_new_cases(), index_changed_case() FROM PUBLIC;
