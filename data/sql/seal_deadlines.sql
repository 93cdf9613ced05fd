-- moved deadlines are a record of their own in the chain
SELECT seal_one(:prefecture, :case_no, 'deadlines')
