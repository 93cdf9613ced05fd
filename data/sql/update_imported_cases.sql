-- what an update of an export changed, from `changed_case`; the deadline of a case that is open is the file's, or none
UPDATE cases c
   SET kind = n.kind, category = n.category, title = n.title, description = n.description, severity = n.severity, source = n.source,
       area_id = n.area_id, path = n.path, lon = n.lon, lat = n.lat,
       geom = CASE WHEN n.lon IS NULL THEN NULL ELSE ST_SetSRID(ST_MakePoint(n.lon, n.lat), 4326) END,
       status = n.status, centre_id = n.centre_id, centre_path = m.path, holder_id = n.holder_id, holder_path = h.path,
       sender_id = n.sender_id, sender_path = x.path, responsible_id = n.responsible_id, version = n.version,
       status_since = n.status_since, queued_at = n.queued_at, settle_from = n.settle_from, settle_due_at = n.settle_due_at,
       due_at = n.due_at, settled_at = n.settled_at, closed_at = n.closed_at, returned_n = n.returned_n, left_by = n.left_by,
       co_handlers = n.co_handlers, binding = n.binding, paused_until = n.paused_until, extension_until = n.extension_until,
       mediations = n.mediations, first_mediation = n.first_mediation, satisfaction = n.satisfaction, merged_into = n.merged_into,
       notify_at = '-infinity'
  FROM changed_case n
  JOIN organisation m ON m.id = n.centre_id
  JOIN organisation h ON h.id = n.holder_id
  LEFT JOIN organisation x ON x.id = n.sender_id
 WHERE c.prefecture = :prefecture AND c.case_no = n.case_no
