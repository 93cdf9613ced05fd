-- when the last case left the queue; a queue that was empty for two months has no such moment
SELECT max(at) FROM case_event
 WHERE prefecture = :prefecture AND path >= :lo AND path < :hi
   AND from_status = 'waiting' AND to_status <> 'waiting' AND at > now() - interval '60 days'
