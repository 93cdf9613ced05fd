-- where an organisation is reached on a channel
SELECT address FROM contact WHERE organisation_id = :organisation AND channel = :channel ORDER BY address
