-- what waits is counted in the viewer's own area (row level security); paused routes first
SELECT r.name, r.adapter, r.state, r.refusal, r.reason, r.since, r.by_user, r.probe_at, r.last_success_at, r.last_try_at,
       r.seen_at > now() - interval '1 hour' AS configured,
       (SELECT count(*) FROM delivery d WHERE d.route = r.name AND d.state = 'waiting') AS waiting
  FROM message_route r ORDER BY r.state = 'working', r.name
