-- late ones when no status is asked for, otherwise the oldest of it; nothing that a person with an account has just touched
SELECT c.case_no, c.status, c.version, c.centre_id, c.centre_path, c.holder_id, c.holder_path
  FROM cases c
 WHERE is_open(c.status) AND c.status <> 'paused' AND c.status <> 'handling'
   AND ((CAST(:status AS text) IS NULL AND c.due_at < :now) OR c.status = :status)
   AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.prefecture = c.prefecture AND e.case_no = c.case_no
                      AND e.user_id IS NOT NULL AND e.at > :quiet_since)
 ORDER BY (CAST(:status AS text) IS NOT NULL AND c.due_at < :now), c.status_since, c.case_no
 LIMIT :count
