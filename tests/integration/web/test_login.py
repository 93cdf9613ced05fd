"""Who comes in, by which door, and how one goes out again."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.integration.web.conftest import Site
from tests.world import PASSWORD
from web.pages.login import safe_next


def form(client, **fields):
    return client.post("/login", data=fields, follow_redirects=False)


def test_the_form_leads_each_role_to_its_page(site: Site):
    for user, page in (("leader", "/map"), ("dispatcher", "/dispatch")):
        answer = form(site.client(), username=user, password=PASSWORD)
        assert (answer.status_code, answer.headers["location"]) == (303, page)
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=lax" in cookie.lower()


def test_a_wrong_name_and_a_wrong_password_get_one_neutral_answer(site: Site):
    wrong_password = form(site.client(), username="leader", password="nonsense")
    wrong_name = form(site.client(), username="leader2", password="nonsense")
    assert wrong_password.status_code == wrong_name.status_code == 401
    assert wrong_password.text.replace('value="leader"', "") == wrong_name.text.replace('value="leader2"', "")
    assert "set-cookie" not in wrong_password.headers


@pytest.mark.parametrize("odd", ["a\0b", "\ud800", "x" * 5000, "<script>alert(1)</script>"])
def test_odd_names_are_only_wrong(site: Site, odd: str):
    answer = site.client().post("/login", data={"username": odd.encode("utf-8", "surrogatepass"), "password": "x"})
    assert answer.status_code == 401
    assert "<script>" not in answer.text


def test_the_page_asked_for_comes_after_the_login(site: Site):
    client = site.client()
    sent = client.get("/map?area=C1&layers=a,b", follow_redirects=False)
    assert sent.status_code == 303
    answer = client.post(
        sent.headers["location"], data={"username": "leader", "password": PASSWORD}, follow_redirects=False
    )
    assert answer.headers["location"] == "/map?area=C1&layers=a,b"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/%2f/evil",
        "/a\r\nb",
        "",
        "map",
    ],
)
def test_another_site_is_no_page_to_come_back_to(target: str):
    assert safe_next(target) is None


def test_a_login_brings_a_new_session_and_ends_the_old_one(site: Site):
    client = site.client("leader")
    old = client.cookies["gridboard_session"]
    client.post("/api/session", json={"username": "leader", "password": PASSWORD})
    assert client.cookies["gridboard_session"] != old
    other = site.client()
    other.cookies.set("gridboard_session", old)
    assert other.get("/api/session").status_code == 401


def test_logging_out_ends_the_session_on_the_server(site: Site):
    client = site.client("leader")
    token = client.cookies["gridboard_session"]
    assert client.delete("/api/session").status_code == 204
    client.cookies.set("gridboard_session", token)
    assert client.get("/api/session").status_code == 401


def test_an_address_alone_logs_nobody_out(site: Site):
    client = site.client("leader")
    assert client.get("/logout").status_code == 200
    assert client.get("/api/session").status_code == 200
    assert client.post("/logout", follow_redirects=False).headers["location"] == "/login"
    assert client.get("/api/session").status_code == 401


def test_logging_out_everywhere_ends_all_sessions_of_the_person_only(site: Site):
    here, there, other = site.client("leader"), site.client("leader"), site.client("auditor")
    assert here.post("/api/logout?everywhere=1", json={}).status_code == 204
    assert there.get("/api/session").status_code == 401
    assert other.get("/api/session").status_code == 200


def test_guessing_is_slowed_and_a_right_password_from_elsewhere_is_not(site: Site):
    client = site.client()
    wrong = [form(client, username="leader", password="x").status_code for _ in range(7)]
    assert wrong[0] == 401
    assert wrong[-1] == 429
    assert form(client, username="leader", password=PASSWORD).status_code == 429
    assert form(client, username="auditor", password=PASSWORD).status_code == 303


def test_the_session_table_does_not_hold_what_opens_the_door(site: Site):
    token = site.client("leader").cookies["gridboard_session"]
    with site.world.database.owning() as connection:
        stored = connection.execute(text("SELECT token_hash FROM login_session")).scalars().all()
    assert all(bytes(value) != token.encode() for value in stored)


def test_the_demonstration_accounts_show_only_where_they_are_open(site: Site):
    assert "data-account" not in site.client().get("/login").text
    with site.world.database.owning() as connection:
        connection.execute(text("UPDATE app_user SET demo = true"))
    assert 'data-account="dispatcher"' in site.client().get("/login").text


def test_the_language_is_switched_and_kept(site: Site):
    client = site.client()
    assert '<html lang="zh-CN">' in client.get("/login").text
    assert '<html lang="en">' in client.get("/login?locale=en").text
    assert '<html lang="en">' in client.get("/login").text
    person = site.client("leader")
    assert person.post("/api/locale", json={"locale": "en"}).status_code == 200
    assert person.get("/api/session").json()["locale"] == "en"
