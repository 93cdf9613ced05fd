-- in the order of writing; rows that another worker has leased are left to it
SELECT prefecture, id, case_no, topic, organisation_id, payload, path, created_at FROM outbox
 WHERE sent_at IS NULL ORDER BY prefecture, id LIMIT :limit FOR UPDATE SKIP LOCKED
