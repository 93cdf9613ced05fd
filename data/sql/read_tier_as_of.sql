-- the evaluation of a leaf that stood at a moment, since when its tier was what it was
SELECT h.tier, coalesce(h.computed, h.tier) AS computed, h.score, h.rule_version, r.rule, h.inputs, h.exposures, h.contributions, h.evaluated_at,
       (SELECT min(s.evaluated_at) FROM tier_history s
         WHERE s.area_id = :area AND s.evaluated_at <= h.evaluated_at AND s.tier = h.tier
           AND s.evaluated_at > coalesce((SELECT max(o.evaluated_at) FROM tier_history o
                                           WHERE o.area_id = :area AND o.evaluated_at <= h.evaluated_at AND o.tier <> h.tier), '-infinity')) AS since,
       CASE WHEN h.override_until > :as_of THEN h.tier END AS override_tier, h.override_reason, h.override_until,
       h.override_by, h.override_at
  FROM tier_history h JOIN tier_rule r ON r.version = h.rule_version
 WHERE h.area_id = :area AND h.evaluated_at <= :as_of
 ORDER BY h.evaluated_at DESC, h.id DESC LIMIT 1
