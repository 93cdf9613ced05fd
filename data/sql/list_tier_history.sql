-- the latest evaluations of a leaf, newest first
SELECT evaluated_at AS at, tier, score, rule_version, cause, contributions FROM tier_history
 WHERE area_id = :area AND (CAST(:as_of AS timestamptz) IS NULL OR evaluated_at <= :as_of)
 ORDER BY evaluated_at DESC, id DESC LIMIT :limit
