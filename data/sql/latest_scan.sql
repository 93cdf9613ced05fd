-- the latest scan that came to its end, until a moment
SELECT id, at FROM scan_run
 WHERE state = 'done' AND (CAST(:as_of AS timestamptz) IS NULL OR at <= :as_of)
 ORDER BY at DESC, id DESC LIMIT 1
