"""The live stream over a real connection: nothing missed, nothing twice, and it ends when the session does."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import text

from data import accounts
from data.commands.cases import move_case
from rules.facts import MoveRequest
from tests.integration.web.conftest import Site
from tests.steps.live import login, report
from tests.world import NOW

PATIENCE_S = 15


class Stream:
    """An open stream, read in a thread of its own; `wait` returns the events once enough of a kind have come."""

    def __init__(self, address: str, cookies: httpx.Cookies, query: str = "", **headers: str) -> None:
        self.events: list[tuple[str, dict]] = []
        self.status = 0
        self.headers = httpx.Headers()
        self.ended = threading.Event()
        self._client = httpx.Client(base_url=address, cookies=cookies, timeout=PATIENCE_S)
        self._thread = threading.Thread(target=self._read, args=(query, headers), daemon=True)
        self._thread.start()

    def _read(self, query: str, headers: dict[str, str]) -> None:
        asking = self._client.stream("GET", f"/api/live{query}", headers=headers)
        with contextlib.suppress(httpx.HTTPError), asking as answer:
            self.status, self.headers = answer.status_code, answer.headers
            kind = ""
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    kind = line[7:]
                elif line.startswith("data: "):
                    self.events.append((kind, json.loads(line[6:])))
        self.ended.set()

    def of(self, kind: str) -> list[dict]:
        return [data for name, data in list(self.events) if name == kind]

    def wait(self, kind: str, number: int = 1) -> list[dict]:
        until = time.monotonic() + PATIENCE_S
        while len(self.of(kind)) < number:
            assert time.monotonic() < until, f"no {number} of {kind}: {self.events}"
            assert not self.ended.is_set(), f"ended before {number} of {kind}: {self.events}"
            time.sleep(0.02)
        return self.of(kind)

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def streams(address: str) -> Iterator:
    opened: list[Stream] = []

    def opening(user: str | None = "leader", query: str = "", **headers: str) -> Stream:
        cookies = login(address, user).cookies if user else httpx.Cookies()
        opened.append(Stream(address, cookies, query, **headers))
        return opened[-1]

    yield opening
    for stream in opened:
        stream.close()


def test_a_stream_begins_with_the_picture_and_goes_on_with_what_happens(site: Site, streams):
    stream = streams()
    snapshot = stream.wait("snapshot")[0]
    assert snapshot["summary"]["open"] == 0
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert "content-encoding" not in stream.headers
    assert stream.headers["x-accel-buffering"] == "no"
    case = report(site)
    told = stream.wait("case")[0]
    assert told["case_no"] == case["case_no"]
    assert told["counts"]["C1"]["open"] == 1
    assert told["marker"]["lon"]
    assert stream.wait("heartbeat")[0]["as_of"]


def test_a_browser_that_comes_back_gets_what_it_missed_and_nothing_twice(site: Site, streams):
    first = streams()
    first.wait("snapshot")
    report(site)
    seq = first.wait("case")[0]["seq"]
    first.close()
    missed = [report(site)["case_no"] for _ in range(3)]
    for headers, query in (({"Last-Event-ID": str(seq)}, "?since=0"), ({}, f"?since={seq}")):
        again = streams("leader", query, **headers)
        again.wait("case", len(missed))
        missed.append(report(site)["case_no"])
        told = [event["case_no"] for event in again.wait("case", len(missed))]
        assert told == missed
        assert again.of("snapshot") == []


@pytest.mark.parametrize("last", ["nonsense", "-1", "99999999999999999999999", "999999999", "½"])
def test_a_number_that_cannot_be_gets_the_whole_picture(streams, last: str):
    stream = streams("leader", "", **{"Last-Event-ID": last.encode("utf-8")})
    assert stream.wait("snapshot")


def test_a_transaction_held_open_hides_nothing(site: Site, streams):
    """A number given early and committed late must still reach every browser, in order."""
    stream = streams()
    stream.wait("snapshot")
    case = report(site)
    stream.wait("case")
    database, viewer = site.world.database, site.world.viewers["dispatcher"]
    held = threading.Event()

    def slow() -> None:
        with database.owning() as connection:
            connection.execute(text("SELECT next_in_world()"))
            held.set()
            time.sleep(1.0)

    holder = threading.Thread(target=slow)
    holder.start()
    held.wait(5)
    movers = [threading.Thread(target=report, args=(site, code)) for code in ("C1V1G2", "C2V1G1", "C2V2G2")]
    request = MoveRequest(case_no=case["case_no"], move="accept", version=1)
    movers.append(threading.Thread(target=move_case, args=(database, request), kwargs={"viewer": viewer, "now": NOW}))
    for thread in movers:
        thread.start()
    for thread in [holder, *movers]:
        thread.join()
    told = [event["seq"] for event in stream.wait("case", 5)]
    assert told == sorted(set(told))
    assert len(told) == 5


def test_a_stream_tells_only_of_its_area_and_its_viewer(site: Site, streams):
    county, village = streams("dispatcher.c1"), streams("leader", "?area=C1V2")
    county.wait("snapshot"), village.wait("snapshot")
    report(site, "C2V1G1")
    report(site, "C1V1G1")
    told = county.wait("case")
    assert len(told) == 1
    assert set(told[0]["counts"]) <= {"C1", "C1V1", "C1V1G1"}
    report(site, "C1V2G1")
    assert [event["path"] for event in village.wait("case")] == ["C/C1/C1V2/C1V2G1/"]
    assert "秘密标题" not in json.dumps(county.events, ensure_ascii=False)


def test_a_display_hears_that_something_happened_and_not_what(site: Site, streams):
    with site.world.database.owning() as connection:
        token = accounts.add_display(connection, name="hall", area="C1", now=NOW)
    wall = streams(None, f"?display={token}")
    wall.wait("snapshot")
    case = report(site)
    told = wall.wait("case")[0]
    assert case["case_no"] not in json.dumps(told)
    assert told["counts"]["C1"]["open"] == 1
    with site.world.database.owning() as connection:
        accounts.revoke_display(connection, "hall", NOW)
    assert wall.ended.wait(PATIENCE_S)


@pytest.mark.parametrize("how", ["logout", "everywhere", "disabled", "expired"])
def test_a_stream_ends_with_its_session(site: Site, address: str, streams, how: str):
    person = login(address, "leader")
    stream = Stream(address, person.cookies)
    stream.wait("snapshot")
    bystander = streams("auditor")
    bystander.wait("snapshot")
    if how == "logout":
        assert person.delete("/api/session").status_code == 204
    elif how == "everywhere":
        assert login(address, "leader").post("/api/logout?everywhere=1", json={}).status_code == 204
    else:
        with site.world.database.owning() as connection:
            if how == "disabled":
                accounts.change_user(connection, "leader", active=False)
            else:
                connection.execute(
                    text(
                        "UPDATE login_session SET expires_at = now() - interval '1 s' FROM app_user u"
                        " WHERE u.id = user_id AND u.username = 'leader'"
                    )
                )
    assert stream.ended.wait(PATIENCE_S)
    assert not bystander.ended.is_set()
    stream.close()


def test_a_stream_that_is_left_is_forgotten(site: Site, streams):
    stream = streams()
    stream.wait("heartbeat")
    assert len(site.services.hub.subscribers) == 1
    stream.close()
    until = time.monotonic() + PATIENCE_S
    while site.services.hub.subscribers:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert not site.server.state.sessions._followers


def test_nobody_and_strangers_get_no_stream(streams):
    nobody, stranger = streams(None), streams("dispatcher.c1", "?area=C2")
    assert nobody.ended.wait(PATIENCE_S)
    assert stranger.ended.wait(PATIENCE_S)
    assert (nobody.status, stranger.status) == (401, 404)
