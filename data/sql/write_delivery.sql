UPDATE delivery SET state = :state, last_error = :error, sent_at = :sent_at, next_try_at = :next_try_at, leased_until = NULL
 WHERE id = :id
