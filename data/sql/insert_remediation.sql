-- a remediation that begins
INSERT INTO remediation (prefecture, goal, measures, people, kinds, begins, ends, checklist, by_role, organisation_id, created_at)
VALUES (:prefecture, :goal, CAST(:measures AS json), CAST(:people AS json), :kinds, :begins, :ends, CAST(:checklist AS json), :role, :organisation, :now)
RETURNING id
