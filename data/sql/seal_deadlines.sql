SELECT seal_one(:prefecture, :case_no, 'deadlines')
