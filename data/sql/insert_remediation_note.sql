-- a note of progress
INSERT INTO remediation_note (remediation_id, at, by_role, organisation_id, note) VALUES (:id, :now, :role, :organisation, :note)
