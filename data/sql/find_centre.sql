-- the nearest above a place: the longest path
SELECT id, path
  FROM organisation
 WHERE kind = 'centre' AND active AND path = ANY(:paths)
 ORDER BY length(path) DESC LIMIT 1
