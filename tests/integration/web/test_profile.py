"""One's own account: what it says, its sessions, its password, and how wrong old passwords are slowed."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from data import accounts
from rules.login_delay import FREE_GUESSES, FREE_GUESSES_OF_DEVICE
from tests.integration.web.conftest import Site
from tests.world import NOW, PASSWORD

PEOPLE = ("leader", "dispatcher", "handler", "auditor", "admin")
NEW = "夜里看星星的猫头鹰飞走"


def change(client, old: str = PASSWORD, new: str = NEW):
    return client.post("/api/profile/password", json={"old": old, "new": new})


@pytest.mark.parametrize("user", PEOPLE)
def test_everybody_reads_the_own_account(site: Site, user: str):
    told = site.client(user).get("/api/profile").json()
    viewer = site.world.viewers[user]
    assert (told["user"], told["role"], told["area"]) == (user, viewer.role.value, viewer.area_code)
    assert told["sessions"] == len(site.client(user).get("/api/sessions").json()["items"]) - 1


def test_a_display_has_no_account(site: Site):
    with site.world.database.owning() as connection:
        token = accounts.add_display(connection, name="hall", area="C", now=NOW)
    client = site.client()
    for path in ("/api/profile", "/api/sessions"):
        assert client.get(f"{path}?display={token}").status_code == 403
    assert client.delete(f"/api/sessions?display={token}").status_code == 403


def test_a_new_password_ends_all_other_sessions_and_goes_on_here(site: Site):
    here, elsewhere, beside = site.client("leader"), site.client("leader"), site.client("dispatcher")
    answer = change(here)
    assert answer.status_code == 200, answer.text
    assert elsewhere.get("/api/session").status_code == 401
    assert beside.get("/api/session").status_code == 200
    assert here.get("/api/session").json()["csrf_token"] == answer.json()["csrf_token"] != here.headers["X-CSRF-Token"]
    assert here.post("/api/locale", json={"locale": "en"}).json()["code"] == "csrf", "the token of before is over too"
    login = {"username": "leader", "password": PASSWORD}
    assert site.client().post("/api/session", json=login).status_code == 401
    assert site.client().post("/api/session", json=login | {"password": NEW}).status_code == 200
    assert site.services.access.flush()
    with site.world.database.owning() as connection:
        rows = connection.execute(text("SELECT account, outcome, details FROM access_log WHERE act = 'password.change'")).all()
    assert [tuple(row) for row in rows] == [("leader", "done", {})]


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("short", "too_short"), ("x" * 201, "too_long"), ("aaaaaaaaaaaa", "too_plain"), ("leader-12345"[:10], "like_account"),
        (PASSWORD, "as_before"),
    ],
)  # fmt: skip
def test_a_poor_password_is_told_and_costs_no_guess(site: Site, new: str, code: str):
    client = site.client("leader")
    for _ in range(FREE_GUESSES + FREE_GUESSES_OF_DEVICE):
        answer = change(client, new=new)
        assert answer.status_code == 422
        assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [("new", code)]
    assert change(client).status_code == 200


def test_a_wrong_old_password_is_slowed_as_a_wrong_login_is(site: Site):
    client = site.client("leader")
    answers = [change(client, old=f"wrong number {n}") for n in range(FREE_GUESSES_OF_DEVICE + 3)]
    codes = [answer.status_code for answer in answers]
    assert codes[0] == 422 and answers[0].json()["errors"][0]["code"] == "wrong_password"
    assert codes[-1] == 429 and int(answers[-1].headers["Retry-After"]) >= 1
    assert change(client).status_code == 429, "the right one waits too"
    assert client.get("/api/session").json()["user"] == "leader", "the session itself goes on"
    assert site.services.access.flush()
    with site.world.database.owning() as connection:
        rows = connection.execute(text("SELECT outcome, sum(n) FROM access_log WHERE act = 'password.change' GROUP BY 1")).all()
    assert dict(map(tuple, rows)) == {"failed": codes.count(422), "throttled": codes.count(429) + 1}


@pytest.mark.parametrize(
    "body", ["{}", '{"old": "x"}', '{"old": 1, "new": "x"}', '{"old": "x", "new": "\\ud800"}', '{"old": "x", "new": "a\\u0000"}']
)
def test_a_form_that_is_none_is_refused(quiet: Site, body: str):
    headers = {"Content-Type": "application/json"}
    answer = quiet.client("leader").post("/api/profile/password", content=body, headers=headers)
    assert answer.status_code in (400, 422)


def test_all_other_sessions_end_by_one_press(site: Site):
    here, others, beside = site.client("leader"), [site.client("leader") for _ in range(2)], site.client("auditor")
    opened = here.get("/api/profile").json()["sessions"]
    assert here.request("DELETE", "/api/sessions").json() == {"ended": opened - 1}
    assert [one.get("/api/session").status_code for one in (here, *others, beside)] == [200, 401, 401, 200]
    assert here.request("DELETE", "/api/sessions").json() == {"ended": 0}
    assert here.get("/api/profile").json()["sessions"] == 1
