-- when a person has the brief sent, in the place of what it was
INSERT INTO brief_setting (user_id, at, sent_on, changed_at) VALUES (:user_id, CAST(:at AS time), :sent_on, :now)
ON CONFLICT (user_id) DO UPDATE SET at = EXCLUDED.at, sent_on = EXCLUDED.sent_on, changed_at = EXCLUDED.changed_at
