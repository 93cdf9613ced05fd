-- every evaluated area in one statement; `since` moves only with the tier. A row without a rule version held inputs alone
INSERT INTO tier AS t (area_id, path, tier, score, rule_version, inputs, contributions, since, evaluated_at)
SELECT r.area, r.path, r.tier, r.score, :version, r.inputs, r.contributions, :now, :now
  FROM json_to_recordset(CAST(:rows AS json))
       AS r (area int, path text, tier text, score float, inputs json, contributions json)
ON CONFLICT (area_id) DO UPDATE SET path = excluded.path, tier = excluded.tier, score = excluded.score,
    rule_version = excluded.rule_version, inputs = excluded.inputs, contributions = excluded.contributions,
    evaluated_at = excluded.evaluated_at,
    since = CASE WHEN t.rule_version = '' OR t.tier <> excluded.tier THEN excluded.since ELSE t.since END
