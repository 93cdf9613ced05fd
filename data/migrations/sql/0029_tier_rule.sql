-- The rule of the tiers is data: one row a version, never changed, the highest is in force.
CREATE TABLE tier_rule (
    version integer NOT NULL, author_id integer, author_role text NOT NULL, at timestamptz NOT NULL, reason text NOT NULL,
    rule jsonb NOT NULL, CONSTRAINT pk_tier_rule PRIMARY KEY (version), CONSTRAINT from_one CHECK (version > 0),
    CONSTRAINT fk_tier_rule_author_id FOREIGN KEY (author_id) REFERENCES app_user (id) ON DELETE SET NULL);
GRANT SELECT ON tier_rule TO gridboard_app;
CREATE TRIGGER append_only BEFORE UPDATE OF version, at, reason, rule OR DELETE ON tier_rule FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER raise_figures AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON tier_rule FOR EACH STATEMENT EXECUTE FUNCTION raise_figures();

-- Figures of areas that a factor may count: imported columns, and `caseload`, the support caseload as it is entered.
CREATE TABLE area_figure (
    area_id integer NOT NULL, name text NOT NULL, value double precision NOT NULL, path text COLLATE "C" NOT NULL,
    CONSTRAINT pk_area_figure PRIMARY KEY (area_id, name), CONSTRAINT not_negative CHECK (value >= 0),
    CONSTRAINT fk_area_figure_area_id FOREIGN KEY (area_id) REFERENCES area (id) ON DELETE CASCADE);
-- counts of people among them: what may be shown of them comes with the tiers
ALTER TABLE area_figure ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON area_figure TO gridboard_app;
CREATE POLICY system_alone ON area_figure FOR SELECT TO gridboard_app USING ((SELECT scope('lo')) = '' AND (SELECT scope('hi')) = '~');
CREATE FUNCTION figure_names() RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT name FROM area_figure WHERE name <> 'caseload' ORDER BY 1
$$;
ALTER TABLE area ADD COLUMN residents integer NOT NULL DEFAULT 0;

INSERT INTO area_figure (area_id, name, value, path)
SELECT t.area_id, 'caseload', (t.inputs ->> 'assisted_persons')::float, t.path FROM tier t
 WHERE (t.inputs ->> 'assisted_persons') IS NOT NULL;
DELETE FROM tier WHERE rule_version = '';

-- The rule that stood in the program until now becomes the first version, with the thresholds of this deployment.
INSERT INTO tier_rule (version, author_role, at, reason, rule)
SELECT 1, 'system', (SELECT min(evaluated_at) FROM tier_history), '2026.2',
       jsonb_build_object(
           'factors', $rule$[
 {"factor": "public_order", "names": {"zh_CN": "治安状况", "en": "Public order"}, "sources": [{"from": "cases", "kinds": ["incident"]}], "weight": 20, "half_rate": 12, "half_life_days": 60, "exposure": "households"},
 {"factor": "three_classes", "names": {"zh_CN": "三类案件", "en": "Three case classes"}, "sources": [{"from": "cases", "three_classes": true}], "weight": 25, "half_rate": 4, "half_life_days": 120, "exposure": "households"},
 {"factor": "disputes", "names": {"zh_CN": "矛盾纠纷", "en": "Disputes and hazards"}, "sources": [{"from": "cases", "kinds": ["dispute", "hazard"]}], "weight": 25, "half_rate": 25, "half_life_days": 60, "exposure": "households"},
 {"factor": "key_places", "names": {"zh_CN": "重点场所", "en": "Key locations"}, "sources": [{"from": "places"}], "weight": 10, "half_rate": 12, "half_life_days": null, "exposure": "households"},
 {"factor": "assisted_persons", "names": {"zh_CN": "重点人员（只计人数）", "en": "Persons in assistance (a count)"}, "sources": [{"from": "caseload"}], "weight": 10, "half_rate": 10, "half_life_days": null, "exposure": "households"},
 {"factor": "police_calls", "names": {"zh_CN": "涉三类案件警情", "en": "Police calls of the three classes"}, "sources": [{"from": "cases", "three_classes": true, "reported_by": ["police_110"]}], "weight": 10, "half_rate": 6, "half_life_days": 60, "exposure": "households"}]$rule$::jsonb,
           'thresholds', jsonb_build_object('key', coalesce((set_here ->> 'key_from')::float, 50), 'watch', coalesce((set_here ->> 'watch_from')::float, 32)),
           'hysteresis', coalesce((set_here ->> 'hysteresis')::float, 3),
           'upper', jsonb_build_object('key_share', 0.15, 'watch_share', 0.05, 'raised_share', 0.30))
  FROM (SELECT (SELECT value FROM deployment WHERE key = 'tier_rule') AS set_here) s
 WHERE EXISTS (SELECT 1 FROM tier_history);
DELETE FROM deployment WHERE key = 'tier_rule';

-- What an evaluation stores: the rule's version, and beside each amount nothing that it does not go by.
ALTER TABLE tier ADD COLUMN computed text;
ALTER TABLE tier ADD COLUMN exposures json NOT NULL DEFAULT '{}';
ALTER TABLE tier ADD COLUMN override_by text;
ALTER TABLE tier ADD COLUMN override_at timestamptz;
ALTER TABLE tier_history ADD COLUMN exposures json NOT NULL DEFAULT '{}';
ALTER TABLE tier_history ADD COLUMN cause text NOT NULL DEFAULT 'day';
ALTER TABLE tier_history ADD COLUMN override_reason text;
ALTER TABLE tier_history ADD COLUMN override_until timestamptz;
UPDATE tier SET computed = tier,
    exposures = json_build_object('households', (inputs ->> 'households')::float), inputs = (inputs::jsonb - 'households')::json;
UPDATE tier_history SET exposures = json_build_object('households', (inputs ->> 'households')::float), inputs = (inputs::jsonb - 'households')::json;
ALTER TABLE tier ALTER COLUMN computed SET NOT NULL;
ALTER TABLE tier ALTER COLUMN rule_version TYPE integer USING 1;
ALTER TABLE tier_history ALTER COLUMN rule_version TYPE integer USING 1;
CREATE INDEX ix_tier_history_path ON tier_history (path, evaluated_at);
CREATE INDEX ix_tier_override ON tier (override_until) WHERE override_tier IS NOT NULL;

-- The tier of an area above the grids, by the shares of its grids (rules/tiers.py).
CREATE FUNCTION upper_tier(key_n bigint, watch_n bigint, normal_n bigint, as_of timestamptz DEFAULT 'infinity') RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN n.total = 0 THEN NULL
                WHEN key_n >= (r.upper ->> 'key_share')::float * n.total THEN 'key'
                WHEN key_n >= (r.upper ->> 'watch_share')::float * n.total
                  OR key_n + watch_n >= (r.upper ->> 'raised_share')::float * n.total THEN 'watch'
                ELSE 'normal' END
      FROM (SELECT coalesce(key_n, 0) + coalesce(watch_n, 0) + coalesce(normal_n, 0) AS total) n
      LEFT JOIN LATERAL (SELECT t.rule -> 'upper' AS upper FROM tier_rule t WHERE t.at <= as_of ORDER BY t.version DESC LIMIT 1) r ON true
$$;

-- What a factor of a rule counts (rules/tier_rule.py): one truth for evaluations, reasons and the lists behind them.
CREATE FUNCTION counts_case(sources jsonb, case_kind text, case_category text, case_source text, case_severity text, of_three_classes boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT EXISTS (
        SELECT 1 FROM jsonb_array_elements(sources) s
         WHERE s ->> 'from' = 'cases'
           AND (s -> 'kinds' IS NULL OR s -> 'kinds' ? case_kind) AND (s -> 'categories' IS NULL OR s -> 'categories' ? case_category)
           AND (s -> 'reported_by' IS NULL OR s -> 'reported_by' ? case_source)
           AND (s -> 'severities' IS NULL OR s -> 'severities' ? case_severity)
           AND (of_three_classes OR (s -> 'three_classes') IS DISTINCT FROM 'true'))
$$;
CREATE FUNCTION counts_place(sources jsonb, place_category text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT 1 FROM jsonb_array_elements(sources) s
                    WHERE s ->> 'from' = 'places' AND (s -> 'categories' IS NULL OR s -> 'categories' ? place_category))
$$;
CREATE FUNCTION counts_figure(sources jsonb, figure text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT 1 FROM jsonb_array_elements(sources) s
                    WHERE (s ->> 'from' = 'caseload' AND figure = 'caseload') OR (s ->> 'from' = 'column' AND figure = s ->> 'column'))
$$;
CREATE FUNCTION tier_factors(rule jsonb) RETURNS TABLE (factor text, sources jsonb, half_life_days float8, settled_share float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT f ->> 'factor', f -> 'sources', (f ->> 'half_life_days')::float8, coalesce((f ->> 'settled_share')::float8, 1)
      FROM jsonb_array_elements(rule -> 'factors') f
$$;
-- What is left of one happening, in millionths.
CREATE FUNCTION share_left(age interval, half_life_days float8, kept float8) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT floor(CASE WHEN half_life_days IS NULL THEN 1
                      ELSE power(0.5::float8, greatest(extract(epoch FROM age)::float8, 0) / 86400 / half_life_days) END * kept * 1000000 + 0.5)
$$;
