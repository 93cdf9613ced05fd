-- up to the day before, so that an organisation's figures are constant for a day; with the kind, which decides their meaning
SELECT o.*, (SELECT kind FROM category WHERE code = :category) AS kind
  FROM (SELECT (coalesce(CAST(:now AS timestamptz), now()) AT TIME ZONE deployment_timezone())::date AS today) t
 CROSS JOIN LATERAL outcomes_of(:prefecture, :category, t.today - CAST(:days AS int), t.today) o
