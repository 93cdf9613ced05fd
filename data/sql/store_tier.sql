INSERT INTO tier AS t (area_id, path, tier, score, rule_version, inputs, contributions, since, evaluated_at)
VALUES (:area, :path, :tier, :score, :version, CAST(:inputs AS json), CAST(:contributions AS json), :now, :now)
ON CONFLICT (area_id) DO UPDATE SET path = excluded.path, tier = excluded.tier, score = excluded.score,
    rule_version = excluded.rule_version, inputs = excluded.inputs, contributions = excluded.contributions,
    evaluated_at = excluded.evaluated_at, since = CASE WHEN :changed THEN excluded.since ELSE t.since END
