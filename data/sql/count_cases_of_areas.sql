-- by status: what closing these areas would leave without a place
SELECT a.code, c.status, count(*) AS n
  FROM cases c
  JOIN area a ON a.id = c.area_id
 WHERE a.code = ANY (:codes)
 GROUP BY 1, 2
