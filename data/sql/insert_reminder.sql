-- once for each level of each clock
INSERT INTO case_notice (prefecture, case_no, step, began_at, level, due_at, at, organisation_id, path)
VALUES (:prefecture, :case_no, :step, :began, :level, :due_at, :at, :organisation, :path)
ON CONFLICT DO NOTHING
