-- A statement that changes no row changes nobody's rights: each login clears away sessions that are over, if there are any.
-- Bells of one transaction that say the same are one.
DROP TRIGGER ring_for_rights ON login_session;
DROP TRIGGER ring_for_rights ON app_user;
DROP TRIGGER ring_for_rights ON display;
CREATE TRIGGER ring_for_rights AFTER UPDATE OR DELETE ON login_session FOR EACH ROW EXECUTE FUNCTION ring_for_rights();
CREATE TRIGGER ring_for_rights AFTER UPDATE OR DELETE ON app_user FOR EACH ROW EXECUTE FUNCTION ring_for_rights();
CREATE TRIGGER ring_for_rights AFTER UPDATE OR DELETE ON display FOR EACH ROW EXECUTE FUNCTION ring_for_rights();
