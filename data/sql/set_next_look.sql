UPDATE cases SET notify_at = :at WHERE prefecture = :prefecture AND case_no = :case_no
