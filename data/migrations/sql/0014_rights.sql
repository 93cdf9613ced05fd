-- What a display is shown of cases. It sees none of the rows, so no reader of a table can show it one by mistake.
CREATE FUNCTION presence_in(wanted_prefecture text, lo text, hi text)
RETURNS TABLE (lon float, lat float, kind text, severity text, status text, due_at bigint, reported_at bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.lon, c.lat, c.kind, c.severity, c.status, extract(epoch FROM c.due_at)::bigint, extract(epoch FROM c.reported_at)::bigint
      FROM cases c
     WHERE c.prefecture = wanted_prefecture AND c.path >= greatest(lo, (SELECT scope('lo')) COLLATE "C")
       AND c.path < least(hi, (SELECT scope('hi')) COLLATE "C")
       AND c.lon IS NOT NULL AND c.status NOT IN ('archived', 'rejected', 'merged')
     ORDER BY c.lon, c.lat
$$;

-- Rights end with their change, whoever changes them and from where: a command, a script, a line of SQL. The application
-- looks every credential up again within two seconds (web/sessions.py); what is stored of a person's work ends here.
CREATE FUNCTION end_rights() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM case_claim WHERE user_id = OLD.id;
    DELETE FROM case_presence WHERE user_id = OLD.id;
    IF TG_OP = 'UPDATE' THEN
        IF NOT NEW.active OR NEW.password_hash IS DISTINCT FROM OLD.password_hash THEN
            DELETE FROM login_session WHERE user_id = OLD.id;
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER end_rights_of_changed AFTER UPDATE ON app_user FOR EACH ROW
    WHEN ((OLD.role, OLD.area_id, OLD.organisation_id, OLD.active, OLD.password_hash)
          IS DISTINCT FROM (NEW.role, NEW.area_id, NEW.organisation_id, NEW.active, NEW.password_hash))
    EXECUTE FUNCTION end_rights();
CREATE TRIGGER end_rights_of_deleted AFTER DELETE ON app_user FOR EACH ROW EXECUTE FUNCTION end_rights();

-- A role that is no person's makes no account: it would see and move everything. One that was made is switched off.
UPDATE app_user SET active = false WHERE role NOT IN ('leader', 'dispatcher', 'handler', 'auditor', 'admin');
ALTER TABLE app_user ADD CONSTRAINT ck_app_user_role
    CHECK (role IN ('leader', 'dispatcher', 'handler', 'auditor', 'admin') OR NOT active);

-- Counts of people go into a score in steps of five (rules/tiers.py, 2026.2): scores stored before would give a smaller
-- count back. Weight 10, half rate 10 per 1,000 households, at least 50 households; the tier follows the new score.
CREATE TEMPORARY TABLE rescored ON COMMIT DROP AS
SELECT t.area_id, n.part, round((t.score - coalesce((t.contributions ->> 'assisted_persons')::float, 0) + n.part)::numeric, 2)::float AS score
  FROM tier t
 CROSS JOIN LATERAL (SELECT floor(coalesce((t.inputs ->> 'assisted_persons')::float, 0) / 5) * 5
                            * 1000 / greatest(coalesce((t.inputs ->> 'households')::float, 0), 50) AS rate) r
 CROSS JOIN LATERAL (SELECT round((10 * r.rate / (r.rate + 10))::numeric, 2)::float AS part) n
 WHERE t.rule_version = '2026.1';
UPDATE tier t SET score = r.score, rule_version = '2026.2',
    contributions = (t.contributions::jsonb || jsonb_build_object('assisted_persons', r.part))::json,
    tier = CASE WHEN t.override_tier IS NOT NULL THEN t.tier
                WHEN r.score >= l.key_from - CASE WHEN t.tier = 'key' THEN l.hysteresis ELSE 0 END THEN 'key'
                WHEN r.score >= l.watch_from - CASE WHEN t.tier IN ('key', 'watch') THEN l.hysteresis ELSE 0 END THEN 'watch'
                ELSE 'normal' END
  FROM rescored r,
       (SELECT coalesce((v.value ->> 'key_from')::float, 50) AS key_from, coalesce((v.value ->> 'watch_from')::float, 32) AS watch_from,
               coalesce((v.value ->> 'hysteresis')::float, 3) AS hysteresis
          FROM (SELECT (SELECT value FROM deployment WHERE key = 'tier_rule') AS value) v) l
 WHERE r.area_id = t.area_id;
