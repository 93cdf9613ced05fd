-- who settled a case last, and when: that may be taken back
SELECT at, user_id, details ->> 'extension' AS extension FROM case_event
 WHERE prefecture = :prefecture AND case_no = :case_no AND act = 'settle'
 ORDER BY version DESC LIMIT 1
