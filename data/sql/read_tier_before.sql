-- the contributions to a leaf's score a quarter before a moment
SELECT contributions FROM tier_history
 WHERE area_id = :area AND evaluated_at <= CAST(:at AS timestamptz) - interval '3 months'
 ORDER BY evaluated_at DESC, id DESC LIMIT 1
