-- `dedupe` is the reminder's: sent once, however often the scheduler runs
INSERT INTO outbox (prefecture, case_no, topic, organisation_id, payload, path, created_at, dedupe)
VALUES (:prefecture, :case_no, :topic, :organisation, :payload, :path, :now, :dedupe) ON CONFLICT DO NOTHING
