-- where organisations are reached
SELECT o.code, o.name, c.channel, c.address
  FROM contact c
  JOIN organisation o ON o.id = c.organisation_id
 ORDER BY o.code, c.channel, c.address
