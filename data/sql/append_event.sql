-- seq and hashes are the trigger's
INSERT INTO case_event (prefecture, seq, case_no, at, act, role, user_id, by_organisation_id, from_status, to_status,
                        from_organisation_id, to_organisation_id, reason, details, version, path, prev_hash, hash)
VALUES (:prefecture, 0, :case_no, :at, :act, :role, :user_id, :by_organisation_id, :from_status, :to_status,
        :from_organisation_id, :to_organisation_id, :reason, CAST(:details AS json), :version, :path, '', '')
