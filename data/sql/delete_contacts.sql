-- one address of a channel, or all of them
DELETE FROM contact
 WHERE organisation_id = :body AND channel = :channel AND (CAST(:address AS text) IS NULL OR address = :address)
