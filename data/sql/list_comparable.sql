-- how leaves do, in the order asked for
SELECT a.code, coalesce(a.names ->> :locale, a.name) AS name, t.tier, t.score, coalesce(n.open_n, 0) AS open, a.households
  FROM unnest(CAST(:ids AS int[])) WITH ORDINALITY AS asked (id, place)
  JOIN area a ON a.id = asked.id
  JOIN tier t ON t.area_id = a.id
  LEFT JOIN area_count n ON n.prefecture = a.prefecture AND n.area_id = a.id
 ORDER BY asked.place
