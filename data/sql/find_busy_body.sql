-- the line department of a county with open cases in hand: the one asked for if it has some, else the one with most
SELECT o.code FROM organisation o JOIN cases c ON c.holder_id = o.id AND is_open(c.status)
 WHERE o.kind <> 'centre' AND o.code LIKE CAST(:county AS text) || '-%'
 GROUP BY o.code ORDER BY (o.code = :wanted AND count(*) >= 2) DESC, count(*) DESC, o.code LIMIT 1
