"""How many messages to the database a request costs: held as numbers, so that one more is a decision."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard.loaders.case import read_case
from data.server.cluster import Cluster
from tests.integration.web.house import House, open_house, statements

DRILL = "..rail.children...breadcrumb.children...charts-held.data...scene.data.."


@pytest.fixture(scope="module")
def house(cluster: Cluster, built_world) -> Iterator[House]:
    """Of a process that hears of changes of rights: it looks a session up once in a while, not for each request."""
    for made in open_house(cluster, built_world):
        made.server.state.sessions._hears = lambda: True
        yield made


@pytest.mark.parametrize("user", ["leader", "dispatcher.c1", "handler"])
@pytest.mark.parametrize(
    ("path", "most"),
    [("/api/areas/C1/summary", 4), ("/api/cases?area=C1&status=open", 4), ("/api/cases?area=C1&q=a&limit=1", 4)],
)
def test_a_summary_and_a_list_take_four(house: House, user: str, path: str, most: int):
    client = house.clients[user]
    client.get(path)
    with statements(house) as sent:
        assert client.get(path).status_code == 200
    assert 0 < len(sent) <= most, "\n".join(sent)


@pytest.mark.parametrize("area", ["C", "C1", "C1V1G1"])
@pytest.mark.parametrize("user", ["leader", "handler"])
def test_a_drill_takes_twelve(house: House, user: str, area: str):
    if user == "handler" and area == "C":
        area = "C1V1"
    body = house.body(DRILL, {"area.data": area})
    house.call(user, body)
    with statements(house) as sent:
        assert house.call(user, body).status_code == 200
    assert 0 < len(sent) <= 12, "\n".join(sent)


@pytest.mark.parametrize("user", ["leader", "handler"])
def test_both_lists_beside_the_map_take_six(house: House, user: str):
    body = house.body("first-pages.data", {"listed-area.data": "C1V1"})
    house.call(user, body)
    with statements(house) as sent:
        answer = house.call(user, body)
    pages = answer.json()["response"]["first-pages"]["data"]["pages"]
    assert {name: page["total"] for name, page in pages.items()} == {"open": 1, "waiting": 0}
    assert 0 < len(sent) <= 6, "\n".join(sent)


def test_a_dispatch_takes_twelve(house: House):
    """With its key, from the session to the commit; the world's lock is taken by the last message, which also commits."""
    client, world = house.clients["dispatcher"], house.world
    for _ in range(2):
        case = client.post(
            "/api/cases", json={"kind": "dispute", "category": "neighbour", "title": "噪音", "area": "C1V1G1"}
        ).json()
        for name in ("accept", "assess"):
            sent_move = {"move": name, "version": case["version"]}
            case = client.post(f"/api/cases/{case['case_no']}/moves", json=sent_move).json()
        form = {"move": "dispatch", "version": case["version"], "to": world.organisations["justice-C1"]}
        with statements(house) as sent:
            answer = client.post(
                f"/api/cases/{case['case_no']}/moves", json=form, headers={"Idempotency-Key": case["case_no"]}
            )
        assert answer.status_code == 200 and answer.json()["status"] == "dispatched"
    assert 0 < len(sent) <= 12, "\n".join(sent)
    assert "INSERT INTO case_event" in sent[-1]


def test_a_waiting_case_is_opened_with_one_look_at_who_could_take_it(house: House):
    client = house.clients["dispatcher"]
    case = client.post(
        "/api/cases", json={"kind": "dispute", "category": "neighbour", "title": "噪音", "area": "C1V1G1"}
    ).json()
    for name in ("accept", "assess"):
        sent_move = {"move": name, "version": case["version"]}
        case = client.post(f"/api/cases/{case['case_no']}/moves", json=sent_move).json()
    with statements(house) as sent:
        view = read_case(house.server.state.services, house.world.viewers["dispatcher"], case["case_no"])
    assert view.candidates and sum("FROM organisation o" in statement and "open_loads(" in statement for statement in sent) == 1
