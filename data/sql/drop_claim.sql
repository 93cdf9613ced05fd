-- a case that has left the queue has no claim
DELETE FROM case_claim WHERE prefecture = :prefecture AND case_no = :case_no
