-- sent afterwards, never before: written with the act that they tell of
INSERT INTO outbox (prefecture, case_no, topic, organisation_id, payload, path, created_at)
SELECT :prefecture, :case_no, t.topic, t.organisation, t.payload, :path, :now
  FROM json_to_recordset(CAST(:messages AS json)) t (topic text, organisation int, payload json)
