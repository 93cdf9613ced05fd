-- the newest first; a page begins before the last one of the page before
SELECT d.id, d.route, d.topic, d.case_no, d.state, d.attempts, d.created_at, d.next_try_at, d.sent_at, d.last_error,
       coalesce(o.names ->> :locale, o.name, '') AS organisation
  FROM delivery d LEFT JOIN organisation o ON o.id = d.organisation_id
 WHERE d.state = :state AND (CAST(:before AS bigint) IS NULL OR d.id < :before)
 ORDER BY d.id DESC LIMIT :limit
