"""A database that does not answer: said at once, on every door, and nothing is pretended."""

from __future__ import annotations

import pytest

from data.database import Database
from settings import DatabaseSettings, Settings
from tests.integration.web.conftest import ORIGIN, Site, build_site
from tests.world import World


@pytest.fixture
def silent() -> Site:
    url = "postgresql+psycopg2://nobody@127.0.0.1:9/none"
    return build_site(World(Database(url)), settings=Settings(database=DatabaseSettings(url=url)))


def test_health_says_so(silent: Site):
    answer = silent.client().get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")


def test_programs_get_a_problem_and_people_a_page(silent: Site):
    client = silent.client()
    client.cookies.set("gridboard_session", "x" * 43)
    for path in ("/api/cases", "/tiles/county/1/0/0/0.mvt", "/_dash-layout"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert answer.headers["retry-after"]
    page = client.get("/map", follow_redirects=False)
    assert page.status_code == 503
    assert page.headers["content-type"].startswith("text/html")
    called = client.post("/_dash-update-component", json={}, headers={"Origin": ORIGIN})
    assert called.status_code == 503


def test_the_login_page_stands_and_lets_nobody_in(silent: Site):
    client = silent.client()
    assert client.get("/login").status_code == 200
    answer = client.post("/login", data={"username": "leader", "password": "x"})
    assert answer.status_code == 503
    assert "gridboard_session" not in client.cookies
