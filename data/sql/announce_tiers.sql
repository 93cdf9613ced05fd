-- a first evaluation is no change; the trigger numbers the rows in the order of the world
INSERT INTO tier_change (seq, area_id, path, code, tier, score, at)
SELECT 0, r.area, r.path, r.code, r.tier, r.score, :now
  FROM json_to_recordset(CAST(:rows AS json)) AS r (area int, path text, code text, tier text, previous text, score float)
 WHERE r.previous IS NOT NULL
