-- guarded: no row when another has changed the case since it was seen. With it goes the claim on a case that has left the
-- queue, and come the messages, which are sent afterwards, never before
WITH moved AS (
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
    RETURNING prefecture, case_no, path, holder_id
), released AS (
    DELETE FROM case_claim USING moved m
     WHERE :leaves_queue AND case_claim.prefecture = m.prefecture AND case_claim.case_no = m.case_no
), told AS (
    INSERT INTO outbox (prefecture, case_no, topic, organisation_id, payload, path, created_at)
    SELECT m.prefecture, m.case_no, t.topic, t.organisation, t.payload, m.path, :now
      FROM moved m CROSS JOIN json_to_recordset(CAST(:messages AS json)) t (topic text, organisation int, payload json)
)
SELECT coalesce(o.names ->> :locale, o.name) AS holder_name FROM moved m LEFT JOIN organisation o ON o.id = m.holder_id
