-- new, renewed, or taken over from a claim that ran out; no row when another has it
INSERT INTO case_claim AS k (prefecture, case_no, path, user_id, tab, since, expires_at)
SELECT prefecture, case_no, path, :user, :tab, clock_timestamp(), clock_timestamp() + make_interval(secs => :seconds)
  FROM cases WHERE case_no = :case_no AND status = 'waiting'
ON CONFLICT (prefecture, case_no) DO UPDATE SET tab = excluded.tab, user_id = excluded.user_id, expires_at = excluded.expires_at,
       since = CASE WHEN k.user_id = excluded.user_id AND k.expires_at > clock_timestamp() THEN k.since ELSE excluded.since END
 WHERE k.expires_at <= clock_timestamp() OR k.user_id = excluded.user_id
RETURNING since, expires_at
