-- a cluster under the lowest area that its centre lies in (the nearest one where it lies in none), with its cases
WITH centre AS (
    SELECT a.path FROM area a WHERE a.leaf AND a.prefecture = :prefecture
     ORDER BY a.geom <-> ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), a.code LIMIT 1),
found AS (
    INSERT INTO cluster (run_id, prefecture, path, category, lon, lat, radius_m, first_day, last_day, observed, expected, llr, p)
    SELECT :run, :prefecture, c.path, CAST(:category AS text), :lon, :lat, :radius_m, CAST(:first_day AS date), CAST(:last_day AS date),
           :observed, :expected, :llr, :p FROM centre c
    RETURNING id)
INSERT INTO cluster_case (cluster_id, prefecture, case_no)
SELECT f.id, :prefecture, n.case_no FROM found f, json_array_elements_text(CAST(:cases AS json)) AS n(case_no)
