-- what was not given to the routes yet waits as well
SELECT (SELECT count(*) FROM delivery WHERE state = 'waiting') + (SELECT count(*) FROM outbox WHERE sent_at IS NULL) AS waiting,
       (SELECT count(*) FROM delivery WHERE state = 'dead') AS dead,
       (SELECT count(*) FROM delivery WHERE state = 'sent') AS sent,
       (SELECT least((SELECT min(created_at) FROM delivery WHERE state = 'waiting'),
                     (SELECT min(created_at) FROM outbox WHERE sent_at IS NULL))) AS oldest
