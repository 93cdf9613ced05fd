-- guarded: no row when another has changed the case since it was seen
UPDATE cases
   SET status = :status, holder_id = :holder_id, holder_path = :holder_path, sender_id = :sender_id,
       responsible_id = :responsible_id, due_at = :due_at, settled_at = :settled_at, closed_at = :closed_at,
       status_since = CASE WHEN status = :status THEN status_since ELSE :now END, version = version + 1
 WHERE prefecture = :prefecture AND case_no = :case_no AND version = :seen
