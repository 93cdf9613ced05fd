-- what changed a case without an act: from now on
SELECT record_span(:prefecture, :case_no, :now, NULL)
