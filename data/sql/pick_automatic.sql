-- only what came into the queue after the switch and has not been dispatched yet
SELECT c.case_no FROM cases c JOIN auto_dispatch a ON a.category = c.category
 WHERE c.status = 'waiting' AND c.status_since >= a.since AND c.left_by = '{}' AND c.returned_n = 0
   AND NOT EXISTS (SELECT 1 FROM case_claim k WHERE k.prefecture = c.prefecture AND k.case_no = c.case_no
                    AND k.expires_at > clock_timestamp())
   AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.prefecture = c.prefecture AND e.case_no = c.case_no
                    AND e.act IN ('recall', 'reopen'))
 ORDER BY c.due_at, c.case_no LIMIT :limit
