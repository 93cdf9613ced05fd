-- one grid's override, or all whose time has come; the evaluation that follows gives the tier back to the rule
UPDATE tier SET override_tier = NULL, override_reason = NULL, override_until = NULL, override_by = NULL, override_at = NULL
 WHERE override_tier IS NOT NULL AND (area_id = CAST(:area AS int) OR (CAST(:area AS int) IS NULL AND override_until <= :now))
RETURNING area_id
