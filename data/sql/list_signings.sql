-- signatures of a period with the moment from which their clock ran: the hand-over before them
SELECT e.seq, e.at, c.kind, c.severity,
       (SELECT max(d.at) FROM case_event d WHERE d.prefecture = e.prefecture AND d.case_no = e.case_no
           AND d.act IN ('dispatch', 'transfer') AND d.version < e.version) AS handed
  FROM case_event e JOIN cases c ON c.prefecture = e.prefecture AND c.case_no = e.case_no
 WHERE e.prefecture = :prefecture AND c.path >= :lo AND c.path < :hi AND e.act = 'sign' AND e.at >= :metric_from AND e.at < :metric_to
   AND NOT coalesce((e.details ->> 'imported')::bool, false)
