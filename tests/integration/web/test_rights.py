"""Rights end with their change, however it was made: streams, claims, viewers, sessions, remembered visits."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import text

import web.sessions
from data import accounts
from tests.integration.web.conftest import Site
from tests.steps.api import waiting
from tests.world import NOW, PASSWORD, World

#: How long a test waits for an end before it calls it missing; no more than a guard against hanging.
PATIENCE = 20.0


def sql(statement: str) -> Callable[[World], None]:
    """A change by a line of SQL, as a script or another process would make it."""

    def change(world: World) -> None:
        with world.database.owning() as connection:
            connection.execute(text(statement))

    return change


def by_command(**changes) -> Callable[[World], None]:
    def change(world: World) -> None:
        with world.database.owning() as connection:
            accounts.change_user(connection, "dispatcher.c1", **changes)

    return change


ONE = "WHERE username = 'dispatcher.c1'"
CHANGES = {
    "role": sql(f"UPDATE app_user SET role = 'handler' {ONE}"),
    "area": sql(f"UPDATE app_user SET area_id = (SELECT id FROM area WHERE code = 'C2') {ONE}"),
    "wider area": sql(f"UPDATE app_user SET area_id = (SELECT id FROM area WHERE code = 'C') {ONE}"),
    "body": sql(f"UPDATE app_user SET organisation_id = (SELECT id FROM organisation WHERE code = 'centre-C2') {ONE}"),
    "no body": sql(f"UPDATE app_user SET organisation_id = NULL {ONE}"),
    "inactive": sql(f"UPDATE app_user SET active = false {ONE}"),
    "password": sql(f"UPDATE app_user SET password_hash = 'x' {ONE}"),
    "deleted": sql(f"DELETE FROM app_user {ONE}"),
    "switched off by command": by_command(active=False),
    "password by command": by_command(password="another long one"),
}
SESSION_ENDS = {"inactive", "password", "deleted", "switched off by command", "password by command"}


@pytest.fixture(autouse=True)
def watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web.sessions, "WATCH_SECONDS", 0.1)


class Stream:
    """One open stream in a thread of its own."""

    def __init__(self, base: str, area: str, **request) -> None:
        self.opened, self.ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._read, args=(f"{base}/api/live?area={area}", request), daemon=True)
        self._thread.start()
        assert self.opened.wait(PATIENCE)

    def _read(self, address: str, request: dict) -> None:
        # a server that stops at the end of a test tears the rest off: that is no end of a stream
        with contextlib.suppress(httpx.HTTPError), httpx.stream("GET", address, timeout=None, **request) as answer:
            assert answer.status_code == 200
            for line in answer.iter_lines():
                if line.startswith("event:"):
                    self.opened.set()
            self.ended.set()


def logged_in(base: str, user: str) -> httpx.Client:
    client = httpx.Client(base_url=base)
    answer = client.post("/api/session", json={"username": user, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return client


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_person_holds_ends_with_its_rights(site: Site, address: str, change: str):
    desk = site.client("dispatcher")
    case = waiting(site, desk)["case_no"]
    client = logged_in(address, "dispatcher.c1")
    assert client.post(f"/api/cases/{case}/claim", json={"tab": "t"}).status_code == 200
    assert client.post("/api/presence", json={"tab": "t", "case": case}).status_code == 200
    seen = [one["watching"] for one in desk.post("/api/presence", json={"tab": "d"}).json()["items"]]
    assert [watcher["name"] for watchers in seen for watcher in watchers] == ["dispatcher.c1"]
    stream = Stream(address, "C1", cookies=dict(client.cookies))
    CHANGES[change](site.world)
    assert stream.ended.wait(PATIENCE)
    assert desk.post("/api/presence", json={"tab": "d"}).json()["items"] == []
    assert desk.post(f"/api/cases/{case}/claim", json={"tab": "d"}).status_code == 200
    assert (client.get("/api/client").status_code == 401) == (change in SESSION_ENDS)


def test_a_remembered_visit_is_no_older_than_its_seconds(site: Site, monkeypatch: pytest.MonkeyPatch):
    """The longest that anything lasts: the two together are under five seconds."""
    monkeypatch.undo()
    assert web.sessions.WATCH_SECONDS + web.sessions.REMEMBER_SECONDS < 5
    monkeypatch.setattr(web.sessions, "REMEMBER_SECONDS", 0.0)
    client = site.client("dispatcher.c1")
    version = client.get("/api/client").json()["levels"][1]["boundary_version"]
    tile = f"/tiles/county/{version}/0/0/0.mvt"
    assert b"C1" in client.get(tile).content
    CHANGES["area"](site.world)
    content = client.get(tile).content
    assert b"C2" in content and b"C1" not in content


def test_another_language_and_another_person_end_no_stream(site: Site, address: str):
    client, other = logged_in(address, "dispatcher.c1"), logged_in(address, "leader")
    stream, beside = (Stream(address, "C1", cookies=dict(one.cookies)) for one in (client, other))
    accounts.set_locale(site.world.database, site.world.viewers["dispatcher.c1"].user_id or 0, "en")
    assert not stream.ended.wait(1.0)
    CHANGES["role"](site.world)
    assert stream.ended.wait(PATIENCE) and not beside.ended.is_set()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE display SET area_id = (SELECT id FROM area WHERE code = 'C2')",
        "UPDATE display SET area_id = (SELECT id FROM area WHERE code = 'C')",
        "UPDATE display SET revoked_at = now()",
        "UPDATE display SET token_hash = 'x'",
        "DELETE FROM display",
    ],
)
def test_a_wall_ends_with_its_display(site: Site, address: str, statement: str):
    with site.world.database.owning() as connection:
        token = accounts.add_display(connection, name="hall", area="C1", now=NOW)
    stream = Stream(address, "C1", params={"display": token})
    sql(statement)(site.world)
    assert stream.ended.wait(PATIENCE)


@pytest.mark.parametrize("role", ["system", "display", "root"])
def test_the_database_takes_no_account_of_a_role_that_is_no_persons(world: World, role: str):
    """By no hand: a script's line of SQL as little as a command."""
    with pytest.raises(Exception, match="ck_app_user_role"), world.database.owning() as connection:
        connection.execute(
            text(
                "INSERT INTO app_user (username, password_hash, role, area_id, created_at)"
                " SELECT 'other', 'x', :role, id, now() FROM area WHERE code = 'C'"
            ),
            {"role": role},
        )
