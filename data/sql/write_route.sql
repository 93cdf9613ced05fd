-- all that is known of how a route fares
UPDATE message_route SET state = :state, refusal = :refusal, reason = :reason, since = :since, by_user = :by_user, streak = :streak,
       failures = :failures, probes = :probes, probe_at = :probe_at, told_at = :told_at, last_success_at = :last_success_at,
       last_try_at = :last_try_at
 WHERE name = :name
