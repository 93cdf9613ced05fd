-- up to the day before, so that a body's figures stand still for a day; with the kind, which decides what they tell
SELECT o.*, (SELECT kind FROM category WHERE code = :category) AS kind
  FROM (SELECT (coalesce(CAST(:now AS timestamptz), now()) AT TIME ZONE deployment_timezone())::date AS today) t
 CROSS JOIN LATERAL outcomes_of(:prefecture, :category, t.today - CAST(:days AS int), t.today) o
