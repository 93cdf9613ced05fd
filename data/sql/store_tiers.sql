-- evaluations that changed something, in one statement; `since` moves only with the tier
INSERT INTO tier AS t (area_id, path, tier, computed, score, rule_version, inputs, exposures, contributions, since, evaluated_at)
SELECT r.area, r.path, r.tier, r.computed, r.score, :version, r.inputs, r.exposures, r.contributions, :now, :now
  FROM json_to_recordset(CAST(:rows AS json))
       AS r (area int, path text, tier text, computed text, score float, inputs json, exposures json, contributions json)
ON CONFLICT (area_id) DO UPDATE SET path = excluded.path, tier = excluded.tier, computed = excluded.computed, score = excluded.score,
    rule_version = excluded.rule_version, inputs = excluded.inputs, exposures = excluded.exposures,
    contributions = excluded.contributions, evaluated_at = excluded.evaluated_at,
    since = CASE WHEN t.tier <> excluded.tier THEN excluded.since ELSE t.since END
