-- who has which of these cases open or claimed; a claim shows also where the page has not reported itself yet
SELECT w.case_no, w.user_id, u.username, u.role, coalesce(o.names ->> :locale, o.name, '') AS organisation,
       bool_or(w.claimed) AS claimed, max(w.until) AS until
  FROM (SELECT case_no, user_id, false AS claimed, NULL::timestamptz AS until FROM case_presence
         WHERE prefecture = :prefecture AND path >= :lo AND path < :hi AND case_no <> ''
           AND seen_at > clock_timestamp() - make_interval(secs => :fresh)
        UNION ALL
        SELECT case_no, user_id, true, expires_at FROM case_claim
         WHERE prefecture = :prefecture AND path >= :lo AND path < :hi AND expires_at > clock_timestamp()) w
  JOIN app_user u ON u.id = w.user_id
  LEFT JOIN organisation o ON o.id = u.organisation_id
 GROUP BY w.case_no, w.user_id, u.username, u.role, o.names ->> :locale, o.name
 ORDER BY w.case_no, claimed DESC, u.username
