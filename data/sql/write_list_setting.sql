-- how a person has set up a list, in the place of what it was
INSERT INTO list_setting VALUES (:user_id, :list, :columns, :sort, :now)
ON CONFLICT (user_id, list) DO UPDATE SET columns = EXCLUDED.columns, sort = EXCLUDED.sort, changed_at = EXCLUDED.changed_at
