-- of the deployment, not of a case: to the centre of its root
INSERT INTO outbox (prefecture, case_no, topic, organisation_id, payload, path, created_at)
SELECT split_part(a.path, '/', 1), '', :topic,
       (SELECT min(o.id) FROM organisation o WHERE o.area_id = a.id AND o.kind = 'centre' AND o.active), CAST(:payload AS json), a.path, :now
  FROM area a JOIN deployment d ON d.key = 'root' AND d.value #>> '{}' = a.code
