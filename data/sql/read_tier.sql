-- the present evaluation of a leaf with the rule that it went by, and whether a person overrides it
SELECT t.tier, t.computed, t.score, t.rule_version, r.rule, t.inputs, t.exposures, t.contributions, t.since, t.evaluated_at,
       t.override_tier, t.override_reason, t.override_until, t.override_by, t.override_at
  FROM tier t JOIN tier_rule r ON r.version = t.rule_version
 WHERE t.area_id = :area AND CAST(:as_of AS timestamptz) IS NULL
