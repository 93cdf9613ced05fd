-- sent afterwards, never before: it is written with the act that it tells of
INSERT INTO outbox (prefecture, case_no, topic, organisation_id, payload, path, created_at)
VALUES (:prefecture, :case_no, :topic, :organisation, :payload, :path, :now)
