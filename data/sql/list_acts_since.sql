-- what was done to a case after the version that somebody has seen
SELECT act FROM case_event WHERE prefecture = :prefecture AND case_no = :case_no AND version > :seen AND version <= :present
