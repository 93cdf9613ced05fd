-- since when the present work on a case runs
SELECT max(at) FROM case_event WHERE prefecture = :prefecture AND case_no = :case_no AND act = 'reopen'
