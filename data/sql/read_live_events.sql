-- events after a number, with the case as it is now and who did it; by prefecture, so that each one's key finds them
SELECT e.seq, e.case_no, e.act, e.role, e.from_status, e.to_status, e.version AS event_version, e.path, e.at,
       e.by_organisation_id, e.from_organisation_id, e.to_organisation_id, b.name AS by_name,
       c.lon, c.lat, c.kind, c.severity, c.status, c.due_at, c.reported_at, c.version, c.reporter_id, c.responsible_id, c.co_handlers
  FROM chain_head h
 CROSS JOIN LATERAL (
       SELECT * FROM case_event
        WHERE case_event.prefecture = h.prefecture AND case_event.seq > :seq AND case_event.path >= :lo AND case_event.path < :hi
        ORDER BY case_event.seq LIMIT :limit) e
  JOIN cases c ON c.prefecture = e.prefecture AND c.case_no = e.case_no
  LEFT JOIN organisation b ON b.id = e.by_organisation_id
 WHERE h.seq > :seq
 ORDER BY e.seq
 LIMIT :limit
