-- one for each route and address of a message, tried on its own
INSERT INTO delivery (prefecture, outbox_id, route, topic, case_no, organisation_id, payload, path, created_at, next_try_at, queued_at)
VALUES (:prefecture, :id, :route, :topic, :case_no, :organisation_id, CAST(:payload AS json), :path, :created_at, :now, :now)
