"""A session is looked up once and remembered, until the database says that rights may be others."""

from __future__ import annotations

from datetime import timedelta

import psycopg2
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from data import accounts
from tests.integration.web.conftest import Site
from tests.world import NOW, PASSWORD


def test_a_process_that_hears_of_changes_looks_up_once(site: Site, monkeypatch: pytest.MonkeyPatch):
    sessions = site.server.state.sessions
    looked: list[str] = []
    look_up = sessions._look_up
    monkeypatch.setattr(sessions, "_look_up", lambda credential: looked.append(credential.token) or look_up(credential))
    client = site.client("dispatcher.c1")
    for _ in range(3):
        assert client.get("/api/areas/C1").status_code == 200
    assert len(looked) == 3
    monkeypatch.setattr(sessions, "_hears", lambda: True)
    monkeypatch.setattr("web.sessions.REMEMBER_SECONDS", 600.0)
    for _ in range(3):
        assert client.get("/api/areas/C1").status_code == 200
    # the last of those before may still be remembered
    assert len(looked) in (3, 4)
    with site.world.database.owning() as connection:
        connection.execute(text("UPDATE app_user SET active = false WHERE username = 'dispatcher.c1'"))
    sessions.forget()
    assert client.get("/api/areas/C1").status_code == 401


def test_what_was_looked_up_before_a_change_is_not_kept_after_it(site: Site, monkeypatch: pytest.MonkeyPatch):
    sessions = site.server.state.sessions
    monkeypatch.setattr(sessions, "_hears", lambda: True)
    monkeypatch.setattr("web.sessions.REMEMBER_SECONDS", 600.0)
    look_up = sessions._look_up

    def overtaken(credential):
        visit = look_up(credential)
        with site.world.database.owning() as connection:
            connection.execute(text("UPDATE app_user SET active = false WHERE username = 'leader'"))
        sessions.forget()
        return visit

    client = site.client("leader")
    monkeypatch.setattr(sessions, "_look_up", overtaken)
    client.get("/api/areas/C")
    monkeypatch.setattr(sessions, "_look_up", look_up)
    assert client.get("/api/areas/C").status_code == 401


CHANGES = {
    "a logout": "SELECT end_session(token_hash) FROM login_session",
    "a user switched off": "UPDATE app_user SET active = false",
    "a user's language": "UPDATE app_user SET locale = 'en'",
    "a user deleted": "DELETE FROM app_user WHERE username = 'leader'",
    "a session shortened": "UPDATE login_session SET expires_at = now()",
    "a display revoked": "UPDATE display SET revoked_at = now()",
    "a display deleted": "DELETE FROM display",
    "an area's place": "UPDATE area SET path = path WHERE code = 'C1'",
    "an organisation's place": "UPDATE organisation SET path = path WHERE code = 'centre-C1'",
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_rings_for_every_change_of_rights(site: Site, change: str):
    database = site.world.database
    with database.owning() as connection:
        accounts.add_display(connection, name="hall", area="C1", now=NOW)
    url = make_url(database.owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    listener = psycopg2.connect(url)
    try:
        listener.autocommit = True
        listener.cursor().execute("LISTEN gridboard")
        accounts.log_in(database, "leader", PASSWORD, NOW, length=timedelta(hours=1))
        listener.cursor().execute("SELECT 1")
        assert "rights" not in [notice.payload for notice in listener.notifies]
        with database.owning() as connection:
            connection.execute(text(CHANGES[change]))
        listener.cursor().execute("SELECT 1")
        listener.poll()
        assert "rights" in [notice.payload for notice in listener.notifies]
    finally:
        listener.close()
