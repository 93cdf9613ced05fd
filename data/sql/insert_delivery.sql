INSERT INTO delivery (prefecture, outbox_id, route, topic, case_no, organisation_id, payload, path, created_at, next_try_at, queued_at)
VALUES (:prefecture, :id, :route, :topic, :case_no, :organisation_id, CAST(:payload AS json), :path, :created_at, :now, :now)
