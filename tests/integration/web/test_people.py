"""Accounts and displays over the API: who may, what is refused field by field, what is told once, what ends with a change."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data import accounts
from rules.access import Role
from tests.integration.web.conftest import Site
from tests.world import NOW, PASSWORD

OTHERS = ("leader", "dispatcher", "handler", "auditor")
FORM = {"username": "值班一", "role": "dispatcher", "area": "C1", "organisation": "centre-C1"}
OWN = "a password of my own"


def add_admin(site: Site, name: str, area: str) -> None:
    with site.world.database.owning() as connection:
        accounts.add_user(connection, username=name, password=PASSWORD, role=Role.admin, area=area, now=NOW)


def number_of(site: Site, username: str) -> int:
    with site.world.database.owning() as connection:
        found = connection.execute(text("SELECT id FROM app_user WHERE username = :name"), {"name": username})
        return int(found.scalar_one())


def logged(site: Site, act: str) -> list[dict[str, Any]]:
    assert site.services.access.flush()
    with site.world.database.owning() as connection:
        rows = connection.execute(text("SELECT * FROM access_log WHERE act = :act ORDER BY seq"), {"act": act}).mappings()
        return [dict(row) for row in rows]


def wrong(answer) -> dict[str, str]:
    """The faults of a form by field."""
    assert answer.status_code in (409, 422), answer.text
    errors = answer.json()["errors"]
    assert all(one["detail"] for one in errors)
    return {one["field"]: one["code"] for one in errors}


def login(site: Site, username: str, password: str):
    return site.client().post("/api/session", json={"username": username, "password": password})


CALLS = (
    ("GET", "/api/users"), ("POST", "/api/users"), ("PATCH", "/api/users/1"), ("POST", "/api/users/1/password"),
    ("GET", "/api/users/organisations"), ("GET", "/api/displays"), ("POST", "/api/displays"),
    ("PATCH", "/api/displays/1"), ("DELETE", "/api/displays/1"),
)  # fmt: skip


@pytest.mark.parametrize("user", OTHERS)
def test_nobody_but_an_admin_manages(quiet: Site, user: str):
    client = quiet.client(user)
    for method, path in CALLS:
        body = {"name": "x", "area": "C"} if "displays" in path else FORM if path == "/api/users" else {}
        answer = client.request(method, path, json=body if method in ("POST", "PATCH") else None)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), (method, path)


def test_an_added_account_shows_its_password_once_and_comes_in_with_one_of_its_own(site: Site):
    admin = site.client("admin")
    made = admin.post("/api/users", json=FORM)
    assert made.status_code == 201, made.text
    account = made.json()
    password = account.pop("password")
    assert account["state"] == "initial" and account["seen_at"] is None
    assert account["organisation"] == {"code": "centre-C1", "name": "centre-C1"}
    assert password not in admin.get("/api/users").text
    answer = login(site, FORM["username"], password)
    assert (answer.status_code, answer.json()["code"]) == (403, "password_due")
    assert "set-cookie" not in answer.headers

    browser = site.client()
    page = browser.post("/login", data={"username": FORM["username"], "password": password}, follow_redirects=False)
    assert page.status_code == 403 and password not in page.text
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)[1]
    fields = {"username": FORM["username"], "ticket": ticket}
    poor = ((OWN, "another", "不一致"), ("short", "short", "至少 10 个字符"), (password, password, "不能与原密码相同"))
    for new, repeat, words in poor:
        again = browser.post("/login", data=fields | {"new_password": new, "repeat": repeat}, follow_redirects=False)
        assert again.status_code == 422 and words in again.text
        assert "set-cookie" not in again.headers
    done = browser.post("/login", data=fields | {"new_password": OWN, "repeat": OWN}, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/dispatch")
    assert browser.get("/api/session").json()["user"] == FORM["username"]
    assert login(site, FORM["username"], password).status_code == 401
    assert login(site, FORM["username"], OWN).status_code == 200
    once_more = site.client().post("/login", data=fields | {"new_password": OWN + "2", "repeat": OWN + "2"})
    assert once_more.status_code == 401, "a ticket is of one password, and of no other"
    assert [one["state"] for one in admin.get("/api/users?q=值班").json()["items"]] == ["active"]


@pytest.mark.parametrize("ticket", ["x", "9999999999.x", "9999999999.AAAAAAAAAAAAAAAAAAAAAA", "1.x", "９.x", "9" * 90, "\0", "é.é"])
def test_a_forged_ticket_is_none(site: Site, ticket: str):
    site.client("admin").post("/api/users", json=FORM)
    for username in (FORM["username"], "leader", "nobody", "a\0b"):
        fields = {"username": username, "ticket": ticket, "new_password": OWN, "repeat": OWN}
        answer = site.client().post("/login", data=fields, follow_redirects=False)
        assert answer.status_code == 401
    assert login(site, "leader", PASSWORD).status_code == 200


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"username": ""}, {"username": "required"}),
        ({"username": "a\u200bb"}, {"username": "unreadable"}),
        ({"username": "x" * 101}, {"username": "unreadable"}),
        ({"username": "王 13800138000"}, {"username": "personal_data"}),
        ({"role": "system"}, {"role": "required"}),
        ({"role": "display"}, {"role": "required"}),
        ({"role": "wall"}, {"role": "required"}),
        ({"area": "NOPE"}, {"area": "unknown_area"}),
        ({"area": ""}, {"area": "required"}),
        ({"organisation": None}, {"organisation": "needs_organisation"}),
        ({"organisation": ""}, {"organisation": "needs_organisation"}),
        ({"organisation": "NOPE"}, {"organisation": "unknown_organisation"}),
        ({"username": "", "area": "NOPE", "organisation": "NOPE"},
         {"username": "required", "area": "unknown_area", "organisation": "unknown_organisation"}),
        ({"username": "leader"}, {"username": "taken"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_for_each_field(quiet: Site, changes: dict, faults: dict):
    client = quiet.client("admin")
    before = client.get("/api/users").json()["total"]
    answer = client.post("/api/users", json=FORM | changes)
    assert wrong(answer) == faults
    assert answer.status_code == (409 if "taken" in faults.values() else 422)
    assert client.get("/api/users").json()["total"] == before


def test_a_role_of_people_alone_reaches_the_database(site: Site):
    viewer = site.world.viewers["admin"]
    statement = text("SELECT add_account('x', 'h', 'system', (SELECT id FROM area WHERE code = 'C'), NULL, now())")
    with pytest.raises(DBAPIError, match="ck_app_user_role"), site.world.database.writing(viewer) as connection:
        connection.execute(statement)


def test_lists_are_searched_and_paged(quiet: Site):
    client = quiet.client("admin")
    everybody = client.get("/api/users").json()
    names = [one["username"] for one in everybody["items"]]
    assert everybody["total"] == len(names) and names == sorted(names) and "dispatcher.c1" in names
    assert [one["username"] for one in client.get("/api/users?role=auditor").json()["items"]] == ["auditor"]
    assert [one["username"] for one in client.get("/api/users?area=C2").json()["items"]] == ["dispatcher.c2"]
    assert {one["username"] for one in client.get("/api/users?q=justice").json()["items"]} == {"handler"}
    assert client.get("/api/users?q=%25").json()["total"] == 0
    assert client.get("/api/users?state=disabled").json() == {"items": [], "next_cursor": None, "total": 0}
    walked, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/api/users?limit=3&cursor={cursor}").json()
        walked += [one["username"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert walked == names
    for query in ("role=system", "state=lost", "area=NOPE", "limit=0", "limit=1_0"):
        assert client.get(f"/api/users?{query}").status_code in (404, 422), query
    assert next(one for one in everybody["items"] if one["username"] == "admin")["seen_at"]


def test_changes_reach_the_session_and_are_logged(site: Site):
    admin, other = site.client("admin"), site.client("dispatcher.c1")
    number = number_of(site, "dispatcher.c1")
    assert other.get("/api/areas/C2").status_code == 404
    changed = admin.patch(f"/api/users/{number}", json={"area": "C2", "organisation": "centre-C2"})
    assert changed.status_code == 200 and changed.json()["area"] == "C2"
    assert other.get("/api/areas/C2").status_code == 200
    assert other.get("/api/areas/C1").status_code == 404
    assert admin.patch(f"/api/users/{number}", json={"role": "auditor", "organisation": ""}).json()["organisation"] is None
    assert other.get("/api/cases").status_code == 403
    assert admin.patch(f"/api/users/{number}", json={"active": False}).json()["state"] == "disabled"
    assert other.get("/api/session").status_code == 401
    assert login(site, "dispatcher.c1", PASSWORD).status_code == 401
    assert admin.patch(f"/api/users/{number}", json={"active": True}).json()["state"] == "active"
    assert login(site, "dispatcher.c1", PASSWORD).status_code == 200
    before = len(logged(site, "user.change"))
    assert admin.patch(f"/api/users/{number}", json={"role": "auditor"}).status_code == 200
    entries = logged(site, "user.change")
    assert len(entries) == before == 4, "what is as it was is no change"
    assert {(one["account"], one["object"], one["via"]) for one in entries} == {("admin", "dispatcher.c1", "api")}
    assert [one["details"] for one in entries] == [
        {"area": "C2", "organisation": "centre-C2"}, {"role": "auditor", "organisation": None}, {"active": False}, {"active": True},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"organisation": ""}, {"organisation": "needs_organisation"}),
        ({"role": "system"}, {"role": "required"}),
        ({"area": "D"}, {"area": "unknown_area"}),
    ],
)
def test_a_change_that_does_not_fit_changes_nothing(quiet: Site, changes: dict, faults: dict):
    client, number = quiet.client("admin"), number_of(quiet, "dispatcher.c1")
    assert wrong(client.patch(f"/api/users/{number}", json=changes)) == faults
    [now] = client.get("/api/users?q=dispatcher.c1").json()["items"]
    assert (now["role"], now["area"], now["organisation"]["code"]) == ("dispatcher", "C1", "centre-C1")
    for path in ("/api/users/0", "/api/users/999999", "/api/users/1_0", f"/api/users/{2**40}"):
        assert client.patch(path, json={"role": "leader"}).status_code in (404, 422)
    assert client.patch(f"/api/users/{number}", json={"rôle": "x"}).status_code == 422


def test_a_reset_password_ends_all_sessions_and_is_replaced(site: Site):
    admin, other, number = site.client("admin"), site.client("leader"), number_of(site, "leader")
    answer = admin.post(f"/api/users/{number}/password")
    assert answer.status_code == 200 and answer.json()["state"] == "initial"
    assert other.get("/api/session").status_code == 401
    assert login(site, "leader", PASSWORD).status_code == 401
    assert login(site, "leader", answer.json()["password"]).json()["code"] == "password_due"
    assert logged(site, "user.change")[-1]["details"] == {"password": "initial"}


def test_nothing_that_is_told_once_is_kept(site: Site):
    admin = site.client("admin")
    told = [admin.post("/api/users", json=FORM).json()["password"]]
    told.append(admin.post(f"/api/users/{number_of(site, 'leader')}/password").json()["password"])
    told.append(admin.post("/api/displays", json={"name": "hall", "area": "C"}).json()["token"])
    assert site.services.access.flush()
    with site.world.database.owning() as connection:
        for table in ("access_log", "app_user", "display", "login_session", "outbox"):
            kept = str(connection.execute(text(f"SELECT * FROM {table}")).all())
            assert not [one for one in told if one in kept], table


def test_an_admin_changes_neither_his_own_rights_nor_his_own_state(site: Site):
    admin, number = site.client("admin"), number_of(site, "admin")
    for changes in ({"role": "leader"}, {"area": "C1"}, {"active": False}):
        assert admin.patch(f"/api/users/{number}", json=changes).json()["code"] == "own_account"
    assert admin.post(f"/api/users/{number}/password").json()["code"] == "own_account"
    assert admin.get("/api/session").json()["role"] == "admin"
    with site.world.database.writing(site.world.viewers["admin"]) as connection, pytest.raises(DBAPIError, match="own account"):
        connection.execute(text(f"SELECT change_account({number}, 'leader', 1, NULL, true)"))


def test_two_admins_who_take_each_others_right_away_leave_one(site: Site):
    add_admin(site, "admin.two", "C")
    clients = {"admin": site.client("admin"), "admin.two": site.client("admin.two")}
    targets = {"admin": number_of(site, "admin.two"), "admin.two": number_of(site, "admin")}
    together, codes = threading.Barrier(2), {}

    def attack(name: str) -> None:
        together.wait()
        codes[name] = clients[name].patch(f"/api/users/{targets[name]}", json={"active": False}).status_code

    threads = [threading.Thread(target=attack, args=(name,)) for name in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(codes.values()) in ([200, 401], [200, 403])
    with site.world.database.owning() as connection:
        left = connection.execute(text("SELECT count(*) FROM app_user WHERE role = 'admin' AND active")).scalar_one()
    assert left == 1


def test_an_admin_of_a_county_manages_that_county(site: Site):
    add_admin(site, "admin.c1", "C1")
    admin = site.client("admin.c1")
    assert {one["username"] for one in admin.get("/api/users").json()["items"]} == {"admin.c1", "dispatcher.c1", "handler"}
    for name in ("admin", "leader", "dispatcher.c2"):
        number = number_of(site, name)
        assert admin.patch(f"/api/users/{number}", json={"active": False}).status_code == 404
        assert admin.post(f"/api/users/{number}/password").status_code == 404
    for area in ("C", "C2", "C2V1"):
        assert wrong(admin.post("/api/users", json=FORM | {"area": area})) == {"area": "unknown_area"}
        assert wrong(admin.post("/api/displays", json={"name": "x", "area": area})) == {"area": "unknown_area"}
    assert wrong(admin.post("/api/users", json=FORM | {"organisation": "centre-C2"})) == {"organisation": "unknown_organisation"}
    assert {one["code"] for one in admin.get("/api/users/organisations?q=centre").json()["items"]} <= {
        "centre-C1", "centre-C1V1", "centre-C1V2",
    }  # fmt: skip
    above = site.client("admin").post("/api/displays", json={"name": "hall", "area": "C"}).json()["id"]
    assert admin.get("/api/displays").json()["items"] == []
    assert admin.patch(f"/api/displays/{above}", json={"name": "y"}).status_code == 404
    assert admin.delete(f"/api/displays/{above}").status_code == 404
    viewer = accounts.viewer_named(site.world.database, "admin.c1")
    for statement in (
        f"SELECT change_account({number_of(site, 'leader')}, 'leader', 1, NULL, false)",
        f"SELECT reset_password({number_of(site, 'dispatcher.c2')}, 'h')",
        f"SELECT change_display({above}, 'y', 1, NULL)",
    ):
        with pytest.raises(DBAPIError, match="not an admin"), site.world.database.writing(viewer) as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize("user", [*OTHERS, "dispatcher.c1"])
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT add_account('x', 'h', 'admin', 1, NULL, now())",
        "SELECT change_account(2, 'admin', 1, NULL, true)",
        "SELECT reset_password(2, 'h')",
        "SELECT add_display('x', 'h', 1, now())",
        "SELECT begin_managing()",
    ],
)
def test_the_database_looks_for_itself_who_acts(quiet: Site, user: str, statement: str):
    with pytest.raises(DBAPIError, match="not an admin"), quiet.world.database.writing(quiet.world.viewers[user]) as connection:
        connection.execute(text(statement))


def test_a_display_is_added_opened_moved_and_revoked(site: Site):
    admin, wall = site.client("admin"), site.client()
    made = admin.post("/api/displays", json={"name": "大厅", "area": "C1"})
    assert made.status_code == 201, made.text
    display = made.json()
    number, token = display["id"], display["token"]
    assert display["url"] == f"http://127.0.0.1:8050/wall?display={token}" and display["state"] == "new"
    assert token not in admin.get("/api/displays").text
    assert wall.get(f"/api/areas/C1?display={token}").status_code == 200
    assert wall.get(f"/api/areas/C2?display={token}").status_code == 404
    [listed] = admin.get("/api/displays").json()["items"]
    assert listed["state"] == "live" and listed["seen_at"]
    assert wrong(admin.post("/api/displays", json={"name": "大厅", "area": "C"})) == {"name": "taken"}
    moved = admin.patch(f"/api/displays/{number}", json={"name": "东厅", "area": "C2"})
    assert (moved.json()["name"], moved.json()["area"]) == ("东厅", "C2")
    assert wall.get(f"/api/areas/C2?display={token}").status_code == 200
    assert wall.get(f"/api/areas/C1?display={token}").status_code == 404
    assert admin.delete(f"/api/displays/{number}").status_code == 204
    assert wall.get(f"/api/areas/C2?display={token}").status_code == 401
    assert admin.delete(f"/api/displays/{number}").status_code == 404
    assert admin.patch(f"/api/displays/{number}", json={"name": "x"}).status_code == 404
    assert admin.post("/api/displays", json={"name": "东厅", "area": "C2"}).status_code == 201, "its name is free again"
    assert [one["state"] for one in admin.get("/api/displays").json()["items"]] == ["new", "revoked"]
    acts = [(one["act"], one["object"]) for act in ("display.add", "display.change", "display.revoke") for one in logged(site, act)]
    assert acts == [
        ("display.add", "大厅"), ("display.add", "东厅"), ("display.change", "大厅"), ("display.revoke", "东厅"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "faults"),
    [
        ({"name": "", "area": "C"}, {"name": "required"}),
        ({"name": "a\u202eb", "area": "C"}, {"name": "unreadable"}),
        ({"name": "x", "area": ""}, {"area": "required"}),
        ({"name": " ", "area": "NOPE"}, {"name": "required", "area": "unknown_area"}),
    ],
)
def test_a_wrong_display_is_told_field_by_field(quiet: Site, form: dict, faults: dict):
    assert wrong(quiet.client("admin").post("/api/displays", json=form)) == faults


def test_two_displays_do_not_come_to_the_same_name(site: Site):
    admin = site.client("admin")
    numbers = [admin.post("/api/displays", json={"name": name, "area": "C"}).json()["id"] for name in ("a", "b")]
    answer = admin.patch(f"/api/displays/{numbers[0]}", json={"name": "b"})
    assert (answer.status_code, wrong(answer)) == (409, {"name": "taken"})
