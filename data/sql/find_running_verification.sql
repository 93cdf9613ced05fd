-- one that still gives signs of life; who starts another joins it
SELECT max(id)
  FROM verification
 WHERE user_id = :user AND result_seq IS NULL AND NOT failed AND beat_at > :alive
