INSERT INTO tier_history (area_id, path, tier, score, rule_version, inputs, contributions, evaluated_at)
VALUES (:area, :path, :tier, :score, :version, CAST(:inputs AS json), CAST(:contributions AS json), :now)
