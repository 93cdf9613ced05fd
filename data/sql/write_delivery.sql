-- what was sent is sent; a failure counts only from the holder of the lease
UPDATE delivery SET state = :state, last_error = :error, sent_at = :sent_at, next_try_at = :next_try_at, leased_until = NULL,
       reached = CAST(:reached AS text[]), attempts = attempts - :uncounted, unclear = :unclear, pauses = :pauses
 WHERE id = :id AND state = 'waiting' AND (:state = 'sent' OR leased_until = :lease)
