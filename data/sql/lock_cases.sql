-- in one fixed order for all callers
SELECT case_no FROM cases WHERE prefecture = :prefecture AND case_no = ANY (CAST(:numbers AS text[])) ORDER BY case_no FOR UPDATE
