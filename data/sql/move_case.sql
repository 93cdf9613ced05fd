-- guarded: no row when another has changed the case since it was seen
UPDATE cases
   SET status = :status, centre_id = :centre_id, centre_path = :centre_path, holder_id = :holder_id,
       holder_path = :holder_path, sender_id = :sender_id, sender_path = :sender_path, responsible_id = :responsible_id,
       version = :version, status_since = :status_since, queued_at = :queued_at, settle_from = :settle_from,
       settle_due_at = :settle_due_at, due_at = :due_at, settled_at = :settled_at, closed_at = :closed_at,
       returned_n = :returned_n, left_by = :left_by, co_handlers = :co_handlers, binding = :binding,
       paused_until = :paused_until, extension_until = :extension_until, mediations = :mediations,
       first_mediation = :first_mediation, satisfaction = :satisfaction, merged_into = :merged_into,
       notify_at = :notify_at
 WHERE prefecture = :prefecture AND case_no = :case_no AND version = :seen
