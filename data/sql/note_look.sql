-- through a function: the look and its reminders are recorded in the chain of facts
SELECT note_look(:prefecture, :case_no, :at, CAST(:told AS json))
