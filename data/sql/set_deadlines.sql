-- no move, so the version stays
UPDATE cases SET due_at = :due_at, settle_from = :settle_from, settle_due_at = :settle_due_at, notify_at = :notify_at
 WHERE prefecture = :prefecture AND case_no = :case_no
