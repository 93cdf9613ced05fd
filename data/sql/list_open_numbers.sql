-- a page of all open cases, for who walks over every one
SELECT case_no FROM cases WHERE is_open(status) AND case_no > :after ORDER BY case_no LIMIT :limit
