"""Lists and summaries are answered from memory while nothing has changed, and never a moment longer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from data.commands.projections import recompute_deadlines
from data.server.cluster import Cluster
from data.services import Clock
from rules.sla import Limit, Limits
from tests.integration.web.house import House, open_house, statements
from tests.world import NOW

LIST, SUMMARY = "/api/cases?area=C1&status=open", "/api/areas/C1/summary"


@pytest.fixture
def house(cluster: Cluster, built_world) -> Iterator[House]:
    """Its clock stands where a test puts it; rights are looked up once in a while, not for each request."""
    for made in open_house(cluster, built_world):
        made.server.state.sessions._hears = lambda: True
        yield made


@pytest.fixture
def at(monkeypatch):
    """`at(moment)`: what time it is for the server."""
    return lambda moment: monkeypatch.setattr(Clock, "now", lambda _clock: moment)


def read(house: House, user: str, path: str) -> dict:
    answer = house.clients[user].get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("path", [LIST, SUMMARY])
def test_what_has_not_changed_costs_one_look_at_the_stamp(house: House, path: str):
    before = read(house, "leader", path)
    with statements(house) as sent:
        after = read(house, "leader", path)
    assert len(sent) == 1 and "world_stamp" in sent[0], sent
    before.pop("as_of", None)
    after.pop("as_of", None)
    assert after == before


def test_a_summary_tells_the_moment_of_the_question(house: House, at):
    for moment in (NOW, NOW + timedelta(seconds=7)):
        at(moment)
        assert read(house, "leader", SUMMARY)["as_of"].startswith(moment.isoformat()[:19])


def test_a_move_is_seen_by_the_next_reader(house: House):
    assert [item["status"] for item in read(house, "leader", LIST)["items"]] == ["dispatched"]
    open_before = read(house, "leader", SUMMARY)["open"]
    dispatcher = house.clients["dispatcher"]
    case = dispatcher.get(f"/api/cases/{house.numbers['own']}").json()
    form = {"move": "withdraw", "version": case["version"], "reason": "x"}
    if "withdraw" not in case["moves"]:
        form["move"] = "recall"
    assert dispatcher.post(f"/api/cases/{case['case_no']}/moves", json=form).status_code == 200
    assert [item["status"] for item in read(house, "leader", LIST)["items"]] != ["dispatched"]
    assert read(house, "leader", SUMMARY)["open"] <= open_before


def test_each_reader_has_its_own(house: House):
    numbers = {user: [item["case_no"] for item in read(house, user, "/api/cases")["items"]]
               for user in ("leader", "dispatcher.c1", "dispatcher.c2", "leader", "dispatcher.c1")}  # fmt: skip
    assert set(numbers["leader"]) == set(house.numbers.values())
    assert numbers["dispatcher.c1"] == [house.numbers["own"]]
    assert numbers["dispatcher.c2"] == [house.numbers["other"]]


def test_a_deadline_that_passes_is_seen(house: House, at):
    at(NOW)
    [item] = read(house, "leader", LIST)["items"]
    summary = read(house, "leader", SUMMARY)
    assert (item["overdue"], summary["overdue"]) == (False, 0)
    at(NOW + timedelta(days=400))
    [item] = read(house, "leader", LIST)["items"]
    assert (item["overdue"], read(house, "leader", SUMMARY)["overdue"]) == (True, 1)


def test_a_new_day_is_seen(house: House, at):
    at(NOW)
    assert read(house, "leader", SUMMARY)["new_today"] == 1
    at(NOW + timedelta(days=1))
    assert read(house, "leader", SUMMARY)["new_today"] == 0


@pytest.mark.parametrize("filters", ["status=overdue", "overdue=1"])
def test_where_deadlines_decide_what_is_listed_it_is_always_read(house: House, at, filters: str):
    path = f"/api/cases?area=C1&{filters}"
    at(NOW)
    assert read(house, "leader", path)["total"] == 0
    at(NOW + timedelta(days=400))
    assert read(house, "leader", path)["total"] == 1


@pytest.mark.parametrize(("table", "field"), [("category", "category_name"), ("organisation", "holder")])
def test_another_name_is_seen(house: House, table: str, field: str):
    assert "Renamed" not in str(read(house, "leader", LIST)["items"][0][field])
    with house.world.database.owning() as connection:
        connection.execute(text(f'UPDATE {table} SET names = \'{{"zh_CN": "Renamed"}}\''))
    assert "Renamed" in str(read(house, "leader", LIST)["items"][0][field])


def test_deadlines_that_are_computed_anew_are_seen(house: House):
    before = read(house, "leader", LIST)["items"][0]["due_at"]
    services = house.server.state.services
    slower = replace(services.sla, sign=Limits(*[Limit(timedelta(days=30))] * 3))
    assert recompute_deadlines(house.world.database, slower, now=NOW).changed
    assert read(house, "leader", LIST)["items"][0]["due_at"] > before
