-- what has left the queue is in nobody's hand
DELETE FROM case_claim WHERE prefecture = :prefecture AND case_no = :case_no
