-- the next version of the rule
INSERT INTO tier_rule (version, author_id, author_role, at, reason, rule)
SELECT coalesce(max(version), 0) + 1, CAST(:author AS int), :role, :at, :reason, CAST(:rule AS jsonb) FROM tier_rule
RETURNING version
