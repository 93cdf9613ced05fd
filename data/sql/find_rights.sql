-- for changing them: held until the transaction ends
SELECT id, role, area_id, organisation_id FROM app_user WHERE username = :username FOR UPDATE
