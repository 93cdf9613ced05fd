"""How many messages to the database a request costs: held as numbers, so that one more is a decision."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from data.server.cluster import Cluster
from tests.integration.web.house import House, open_house

DRILL = "..rail.children...breadcrumb.children...charts-held.data...scene.data.."


@pytest.fixture(scope="module")
def house(cluster: Cluster, empty_template: str) -> Iterator[House]:
    """Of a process that hears of changes of rights: it looks a session up once in a while, not for each request."""
    for made in open_house(cluster, empty_template):
        made.server.state.sessions._hears = lambda: True
        yield made


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """All that is sent to the database within, openings and commits included."""
    sent: list[str] = []
    engine = house.server.state.services.database._app

    def note(_connection, _cursor, statement, *_: object) -> None:
        # nobody waits for the access log: a thread writes it
        if threading.current_thread().name != "access log":
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


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
def test_a_drill_takes_eleven(house: House, user: str, area: str):
    if user == "handler" and area == "C":
        area = "C1V1"
    body = house.body(DRILL, {"area.data": area})
    house.call(user, body)
    with statements(house) as sent:
        assert house.call(user, body).status_code == 200
    assert 0 < len(sent) <= 11, "\n".join(sent)
