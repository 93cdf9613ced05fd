-- the clusters of a scan within an area
SELECT c.id, c.category, coalesce(g.names ->> :locale, g.code) AS name, c.lon, c.lat, c.radius_m, c.first_day, c.last_day, c.observed, c.expected, c.llr, c.p,
       ARRAY(SELECT DISTINCT a.code FROM cluster_case m JOIN cases k ON k.prefecture = m.prefecture AND k.case_no = m.case_no
               JOIN area a ON a.id = k.area_id WHERE m.cluster_id = c.id ORDER BY 1) AS areas
  FROM cluster c LEFT JOIN category g ON g.code = c.category
 WHERE c.run_id = :run AND c.path >= :lo AND c.path < :hi
   AND (CAST(:category AS text) IS NULL OR c.category = :category OR (:all AND c.category IS NULL))
 ORDER BY c.p, c.llr DESC, c.id
