-- whoever marks the day first sends it: one message a person and day, however many processes run
WITH mine AS (
    UPDATE brief_setting SET sent_on = :day WHERE user_id = :user_id AND (sent_on IS NULL OR sent_on < :day) RETURNING user_id
)
INSERT INTO outbox (prefecture, case_no, topic, organisation_id, payload, path, created_at)
SELECT :prefecture, '', :topic, :organisation, CAST(:payload AS json), :path, :now FROM mine
