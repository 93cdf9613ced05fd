-- an organisation works for another area from now on: the paths of its cases above it follow, and no version changes
UPDATE cases SET holder_path = CASE WHEN holder_id = :id THEN :path ELSE holder_path END,
                 sender_path = CASE WHEN sender_id = :id THEN :path ELSE sender_path END
 WHERE holder_id = :id OR sender_id = :id
