-- a run of a process that died counts as failed once its signs of life are too old
SELECT read, total, failed OR (result_seq IS NULL AND beat_at < :alive) AS failed, result_seq
  FROM verification
 WHERE id = :id AND user_id = :user
