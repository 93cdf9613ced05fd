-- leaves of the cases with acts after a number of the world
SELECT DISTINCT c.area_id
  FROM case_event e JOIN cases c ON c.prefecture = e.prefecture AND c.case_no = e.case_no JOIN area a ON a.id = c.area_id
 WHERE e.seq > :after AND e.seq <= :upto AND a.leaf
   AND e.act IN ('report', 'reject', 'merge', 'settle', 'undo_settle', 'reopen', 'absorb', 'amend', 'withdraw', 'relocate')
 ORDER BY 1
