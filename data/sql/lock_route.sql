-- until the end of the transaction: two processes that fail at once pause it once
SELECT name, state, refusal, reason, since, by_user, streak, failures, probes, probe_at, told_at, last_success_at, last_try_at
  FROM message_route WHERE name = :name FOR UPDATE
