-- for the evaluation, by the owner: acts that moved cases between organisations or ended them, in the order of the world
SELECT e.case_no, e.at, e.act, e.from_organisation_id AS from_id, e.to_organisation_id AS to_id, e.to_status,
       c.category, c.path, c.centre_path, c.lon, c.lat, c.needs
  FROM case_event e JOIN cases c ON c.prefecture = e.prefecture AND c.case_no = e.case_no
 WHERE e.act IN ('dispatch', 'transfer', 'return', 'settle', 'reopen')
 ORDER BY e.seq
