-- late ones when no status is asked for, else the oldest of it: the late stay for the reader, one in sixty is left lying until
-- it is late. Nothing that a person with an account has just touched, or has in hand or open at the desk
SELECT c.case_no, c.status, c.version, c.centre_id, c.centre_path, c.holder_id, c.holder_path
  FROM cases c
 WHERE is_unclosed(c.status) AND c.status <> 'paused'
   AND (c.status = ANY (CAST(:statuses AS text[])) OR (CAST(:statuses AS text[]) IS NULL AND c.due_at < :now))
   AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.prefecture = c.prefecture AND e.case_no = c.case_no
                      AND e.user_id IS NOT NULL AND e.at > :quiet_since)
   AND NOT EXISTS (SELECT 1 FROM case_claim k WHERE k.prefecture = c.prefecture AND k.case_no = c.case_no
                      AND k.expires_at > clock_timestamp())
   AND NOT EXISTS (SELECT 1 FROM case_presence v WHERE v.prefecture = c.prefecture AND v.case_no = c.case_no
                      AND v.seen_at > clock_timestamp() - make_interval(secs => :seen_s))
 ORDER BY CAST(:statuses AS text[]) IS NOT NULL AND coalesce(c.due_at < :now, false),
          CAST(:statuses AS text[]) IS NOT NULL AND c.status IN ('waiting', 'dispatched') AND hashtext(c.case_no) % 60 = 0,
          c.status_since, c.case_no
 LIMIT :count
