-- every leaf's factors, each happening halved with its half-life; persons in assistance are a count that is entered by hand
SELECT a.id, a.code, a.path, a.households, CASE WHEN t.rule_version <> '' THEN t.tier END AS tier, (t.override_tier IS NOT NULL AND t.override_until > :now) AS overridden,
       c.public_order, c.three_classes, c.disputes, c.police_calls, p.key_places, (t.inputs ->> 'assisted_persons')::float AS assisted_persons
  FROM area a
  LEFT JOIN tier t ON t.area_id = a.id
  LEFT JOIN (
      SELECT area_id,
             sum(power(0.5, days / :public_order_days)) FILTER (WHERE kind = 'incident') AS public_order,
             sum(power(0.5, days / :three_classes_days)) FILTER (WHERE three_class) AS three_classes,
             sum(power(0.5, days / :disputes_days)) FILTER (WHERE kind IN ('dispute', 'hazard')) AS disputes,
             sum(power(0.5, days / :police_calls_days)) FILTER (WHERE three_class AND source = 'police_110') AS police_calls
        FROM (SELECT c.area_id, c.kind, c.source, k.three_class, extract(epoch FROM :now - c.reported_at) / 86400 AS days
                FROM cases c JOIN category k ON k.code = c.category
               WHERE c.reported_at <= :now AND c.status NOT IN ('rejected', 'merged')) happened
       GROUP BY area_id) c ON c.area_id = a.id
  LEFT JOIN (SELECT area_id, count(*) AS key_places FROM key_place GROUP BY area_id) p ON p.area_id = a.id
 WHERE a.leaf
 ORDER BY a.id
