-- why a grid has its tier: what the last evaluation went by, and whether a person overrides it
SELECT tier, score, rule_version, inputs, contributions, since, evaluated_at, override_tier, override_reason, override_until
  FROM tier WHERE area_id = :area
