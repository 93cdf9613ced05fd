-- one row for each area whose tier is new
INSERT INTO tier_history (area_id, path, tier, score, rule_version, inputs, contributions, evaluated_at)
SELECT r.area, r.path, r.tier, r.score, :version, r.inputs, r.contributions, :now
  FROM json_to_recordset(CAST(:rows AS json))
       AS r (area int, path text, tier text, score float, inputs json, contributions json)
