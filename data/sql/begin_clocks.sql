-- an import gives its cases at once, so that the scheduler looks at each once and finds what is to come
UPDATE cases SET clocks_since = :now
 WHERE case_no = ANY (CAST(:numbers AS text[])) AND is_unclosed(status)
