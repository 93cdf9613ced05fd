-- the first waiting case of the viewer's centres that no other has claimed; `claimed` is false where another was
-- quicker between the look and the lock: then look again
WITH free AS (
    SELECT c.prefecture, c.case_no, c.path FROM cases c
     WHERE c.prefecture = :prefecture AND c.path >= :lo AND c.path < :hi AND c.status = 'waiting'
       AND c.centre_path >= :own_lo AND c.centre_path < :own_hi
       AND (CAST(:kind AS text) IS NULL OR c.kind = :kind) AND (CAST(:category AS text) IS NULL OR c.category = :category)
       AND (CAST(:severity AS text) IS NULL OR c.severity = :severity)
       AND c.case_no <> ALL (CAST(:passed AS text[]))
       AND NOT EXISTS (SELECT 1 FROM case_claim k WHERE k.prefecture = c.prefecture AND k.case_no = c.case_no
                        AND k.expires_at > clock_timestamp() AND NOT (k.user_id = :user AND k.tab = :tab))
     ORDER BY c.due_at, CASE c.severity WHEN 'grave' THEN 0 WHEN 'major' THEN 1 ELSE 2 END, c.reported_at, c.case_no
     LIMIT 1 FOR UPDATE OF c SKIP LOCKED
), taken AS (
    INSERT INTO case_claim AS k (prefecture, case_no, path, user_id, tab, since, expires_at)
    SELECT prefecture, case_no, path, :user, :tab, clock_timestamp(), clock_timestamp() + make_interval(secs => :seconds) FROM free
    ON CONFLICT (prefecture, case_no) DO UPDATE SET user_id = excluded.user_id, tab = excluded.tab,
           since = excluded.since, expires_at = excluded.expires_at
     WHERE k.expires_at <= clock_timestamp() OR (k.user_id = excluded.user_id AND k.tab = excluded.tab)
    RETURNING case_no
)
SELECT free.case_no, taken.case_no IS NOT NULL AS claimed FROM free LEFT JOIN taken USING (case_no)
