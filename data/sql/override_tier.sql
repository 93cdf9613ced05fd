-- a person's tier until a moment
UPDATE tier SET override_tier = :tier, override_reason = :reason, override_until = :until, override_by = :by, override_at = :now
 WHERE area_id = :area
