-- one row for each evaluation that changed something
INSERT INTO tier_history (area_id, path, tier, score, rule_version, inputs, exposures, contributions, evaluated_at, cause,
                          computed, override_reason, override_until, override_by, override_at)
SELECT r.area, r.path, r.tier, r.score, :version, r.inputs, r.exposures, r.contributions, :now, :cause, r.computed, t.override_reason, t.override_until,
       t.override_by, t.override_at
  FROM json_to_recordset(CAST(:rows AS json))
       AS r (area int, path text, tier text, computed text, score float, inputs json, exposures json, contributions json)
  JOIN tier t ON t.area_id = r.area
