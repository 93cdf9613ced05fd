-- a page of all open cases, for who walks over every one
SELECT case_no FROM cases WHERE status NOT IN ('archived', 'rejected', 'merged') AND case_no > :after ORDER BY case_no LIMIT :limit
