"""Every row of the table of moves through the API, by people who know nothing but the API; bad input changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from rules.moves import MOVES, OFFERED
from tests.integration.web.conftest import Site
from tests.world import NOW

UNTIL = "2026-04-20T08:00:00+08:00"
SOON = "2026-03-12T08:00:00+08:00"
MEDIATION = {"method": "people", "people": ["all_parties", "mediator"], "outcome": "success", "agreement": "written"}


class Desk:
    """One case and the people around it, each with a client of their own."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.clients = {name: site.client(name) for name in ("dispatcher", "dispatcher.c1", "handler", "leader")}
        self.taken: set[str] = {"report"}

    def report(self, **form: Any) -> dict:
        lon, lat = self.site.world.point_in("C1V1G1")
        sent = {"kind": "dispute", "category": "neighbour", "title": "噪音扰民", "lon": lon, "lat": lat} | form
        answer = self.clients["dispatcher"].post("/api/cases", json=sent)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def try_move(self, case: dict, move: str, by: str = "dispatcher", **given: Any) -> Any:
        if isinstance(given.get("to"), str):
            given["to"] = self.site.world.organisations[given["to"]]
        form = {"move": move, "version": case["version"], **given}
        return self.clients[by].post(f"/api/cases/{case['case_no']}/moves", json=form)

    def move(self, case: dict, move: str, by: str = "dispatcher", **given: Any) -> dict:
        seen = self.clients[by].get(f"/api/cases/{case['case_no']}").json()
        assert move in seen["moves"], (move, by, seen["moves"])
        answer = self.try_move(case, move, by, **given)
        assert answer.status_code == 200, (move, answer.text)
        self.taken.add(move)
        return dict(answer.json())

    def course(self, case: dict, *steps: tuple) -> dict:
        for move, by, given in steps:
            case = self.move(case, move, by, **given)
        return case

    def waiting(self) -> dict:
        return self.course(self.report(), ("accept", "dispatcher", {}), ("assess", "dispatcher", {}))

    def handling(self) -> dict:
        return self.course(
            self.waiting(), ("dispatch", "dispatcher", {"to": "justice-C1"}), ("sign", "handler", {}),
            ("start", "handler", {}),
        )  # fmt: skip

    def open_centre(self, code: str, active: bool) -> None:
        with self.site.world.database.owning() as connection:
            connection.execute(
                text("UPDATE organisation SET active = :active WHERE id = :id"),
                {"active": active, "id": self.site.world.organisations[code]},
            )

    def trace(self, case: dict) -> list[dict]:
        return list(self.clients["leader"].get(f"/api/cases/{case['case_no']}/events").json()["items"])


@pytest.fixture
def desk(site: Site) -> Desk:
    return Desk(site)


def paths(desk: Desk) -> Iterator[dict]:
    """Courses that together take every row."""
    yield desk.course(
        desk.handling(), ("record_mediation", "handler", MEDIATION | {"outcome": "failure", "agreement": "none"}),
        ("record_mediation", "handler", MEDIATION), ("co_handle", "dispatcher", {"to": "mediators-C"}),
        ("extend", "handler", {"reason": "等待鉴定", "until": UNTIL}), ("refuse_extension", "dispatcher", {"reason": "不必"}),
        ("extend", "handler", {"reason": "等待鉴定", "until": UNTIL}), ("grant_extension", "dispatcher", {}),
        ("pause", "handler", {"reason": "当事人外出", "until": SOON}), ("resume", "handler", {}),
        ("remind", "leader", {}), ("supervise", "leader", {"reason": "久拖未决", "form": "letter"}),
        ("comment", "leader", {"reason": "请抓紧"}), ("settle", "handler", {}),
        ("undo_settle", "handler", {}), ("settle", "handler", {"reason": "双方和解"}),
        ("visit", "dispatcher", {"satisfaction": 5}), ("archive", "dispatcher", {}),
        ("reopen", "dispatcher", {"reason": "协议未履行"}),
    )  # fmt: skip
    yield desk.course(
        desk.waiting(), ("dispatch", "dispatcher", {"to": "justice-C1"}), ("recall", "dispatcher", {}),
        ("dispatch", "dispatcher", {"to": "justice-C1", "choice": "knows_matter"}),
        ("return", "handler", {"reason": "不属本单位"}), ("dispatch", "dispatcher", {"to": "mediators-C"}),
    )  # fmt: skip
    yield desk.course(
        desk.report(), ("refer_up", "dispatcher.c1", {"reason": "跨村纠纷"}),
        ("reject", "dispatcher", {"reason": "不属受理范围"}),
    )  # fmt: skip
    up = desk.course(desk.waiting(), ("refer_up", "dispatcher.c1", {"reason": "跨村纠纷"}))
    yield desk.course(up, ("dispatch", "dispatcher.c1", {"to": "justice-C1"}), ("transfer", "dispatcher", {
        "to": "mediators-C", "reason": "宜由调委会办理"}))  # fmt: skip
    desk.open_centre("centre-C1V1", False)
    case = desk.report()
    desk.open_centre("centre-C1V1", True)
    yield desk.course(case, ("send_down", "dispatcher.c1", {"to": "centre-C1V1"}))
    into = desk.waiting()
    yield desk.course(desk.waiting(), ("merge", "dispatcher", {"into": into["case_no"]}))


def test_every_row_of_the_table_is_taken_and_leaves_one_event_a_version(desk: Desk):
    for case in paths(desk):
        trace = desk.trace(case)
        assert [event["version"] for event in trace] == list(range(1, case["version"] + 1))
        assert trace[-1]["to_status"] == case["status"]
        assert trace[-1]["to_organisation"]["id"] == case["holder"]["id"]
        assert all("user" not in event["by"] for event in trace)
    assert desk.taken == OFFERED


def test_the_table_is_told_as_it_is(desk: Desk):
    rows = desk.clients["handler"].get("/api/moves").json()["items"]
    assert [row["move"] for row in rows] == list(MOVES)
    for row in rows:
        move = MOVES[row["move"]]
        assert (set(row["from"]), row["to"], set(row["needs"])) == (set(move.sources), move.target, set(move.needs))
        assert row["name"] and row["actor"] == move.actor


def test_two_returns_refer_up_and_the_answer_is_the_case_as_it_is_then(desk: Desk, site: Site):
    with site.world.database.owning() as connection:
        connection.execute(text("UPDATE app_user SET organisation_id = :o WHERE username = 'handler.fire'"),
                           {"o": site.world.organisations["mediators-C"]})  # fmt: skip
    desk.clients["other"] = site.client("handler.fire")
    case = desk.course(
        desk.waiting(), ("dispatch", "dispatcher.c1", {"to": "justice-C1"}), ("return", "handler", {"reason": "无权"}),
    )  # fmt: skip
    assert case["holder"]["name"] == "centre-C1", "back to the sender's queue"
    case = desk.course(case, ("dispatch", "dispatcher.c1", {"to": "mediators-C"}))
    answer = desk.try_move(case, "return", "other", reason="无权")
    assert answer.status_code == 200
    case = answer.json()
    assert (case["status"], case["holder"]["name"], case["version"]) == ("waiting", "centre-C", 8)
    last = desk.trace(case)[-1]
    assert (last["act"], last["by"]["role"], last["details"]["rule"]) == ("refer_up", "system", "two_returns")


def test_a_loop_goes_up_and_at_the_top_it_is_an_order(desk: Desk):
    case = desk.course(
        desk.waiting(), ("dispatch", "dispatcher.c1", {"to": "justice-C1"}), ("return", "handler", {"reason": "无权"}),
    )  # fmt: skip
    case = desk.try_move(case, "dispatch", "dispatcher.c1", to="justice-C1").json()
    assert (case["status"], case["holder"]["name"]) == ("waiting", "centre-C")
    refused = desk.try_move(case, "dispatch", to="justice-C1")
    assert refused.json()["code"] == "reason_required"
    case = desk.move(case, "dispatch", to="justice-C1", reason="指定办理")
    assert case["binding"] is True and case["holder"]["name"] == "justice-C1"
    refused = desk.try_move(case, "return", "handler", reason="无权")
    assert (refused.status_code, refused.json()["code"]) == (422, "ordered")


BAD = [
    ({"move": "sign"}, "handler", "move_not_allowed", 422),
    ({"move": "start", "version": 3}, "handler", "stale_version", 409),
    ({"move": "transfer", "to": "fire-C", "reason": "转"}, "dispatcher", "body_unsuitable", 422),
    ({"move": "transfer", "to": "mediators-C", "reason": "  "}, "dispatcher", "reason_required", 422),
    ({"move": "return", "reason": ""}, "handler", "reason_required", 422),
    ({"move": "return", "reason": "联系人13812345678"}, "handler", "personal_data", 422),
    ({"move": "pause", "reason": "等", "until": "2020-01-01T00:00:00Z"}, "handler", "invalid", 422),
    ({"move": "pause", "reason": "等"}, "handler", "invalid", 422),
    ({"move": "record_mediation", **MEDIATION, "people": ["张三"]}, "handler", "invalid", 422),
    ({"move": "visit", "satisfaction": 9}, "dispatcher", "invalid", 422),
    ({"move": "grant_extension"}, "dispatcher", "no_extension_asked", 422),
    ({"move": "supervise", "form": "letter", "reason": "督"}, "dispatcher", "forbidden", 403),
    ({"move": "settle"}, "dispatcher", "forbidden", 403),
    ({"move": "absorb"}, "dispatcher", "invalid", 422),
    ({"move": "teleport"}, "dispatcher", "invalid", 422),
    ({"move": "co_handle", "to": "centre-C1"}, "dispatcher", "body_unsuitable", 422),
    ({"move": "pause", "reason": "等", "until": "20260312"}, "handler", "invalid", 422),
    ({"move": "comment", "reason": "好", "colour": "red"}, "leader", "invalid", 422),
]


@pytest.mark.parametrize(("form", "by", "code", "status"), BAD, ids=lambda value: str(value)[:60])
def test_bad_input_has_its_own_code_and_changes_nothing(desk: Desk, form: dict, by: str, code: str, status: int):
    case = desk.handling()
    given = {name: value for name, value in form.items() if name not in ("move", "version")}
    answer = desk.try_move(case | {"version": form.get("version", case["version"])}, form["move"], by, **given)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["detail"]
    after = desk.clients["dispatcher"].get(f"/api/cases/{case['case_no']}").json()
    assert (after["version"], after["status"], after["holder"]) == (case["version"], case["status"], case["holder"])
    assert len(desk.trace(case)) == case["version"]


def test_a_repeated_key_has_one_effect_and_another_body_is_refused(desk: Desk):
    case = desk.handling()
    client = desk.clients["handler"]
    path, headers = f"/api/cases/{case['case_no']}/moves", {"Idempotency-Key": "pause-1"}
    form = {"move": "pause", "version": case["version"], "reason": "等待", "until": SOON}
    first = client.post(path, json=form, headers=headers)
    again = client.post(path, json=form, headers=headers)
    assert first.status_code == 200 and again.json() == first.json()
    other = client.post(path, json=form | {"reason": "另一理由"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert len(desk.trace(case)) == case["version"] + 1


def test_whoever_handles_together_sees_the_case_and_may_comment(desk: Desk, site: Site):
    case = desk.handling()
    fire = site.client("handler.fire")
    assert fire.get(f"/api/cases/{case['case_no']}").status_code == 404
    case = desk.move(case, "co_handle", to="fire-C")
    seen = fire.get(f"/api/cases/{case['case_no']}")
    assert seen.status_code == 200 and seen.json()["moves"] == ["comment"]
    answer = fire.post(
        f"/api/cases/{case['case_no']}/moves", json={"move": "comment", "version": case["version"], "reason": "已到场"}
    )
    assert answer.status_code == 200, answer.text


def test_deadlines_in_the_answers_are_those_of_the_trace(desk: Desk, site: Site):
    case = desk.handling()
    assert case["due_at"] == "2026-03-31T04:00:00Z", "fifteen working days from Tuesday noon in Jinghong"
    case = desk.course(case, ("pause", "handler", {"reason": "等待", "until": SOON}))
    assert case["due_at"] is None and case["overdue"] is False
    assert NOW.isoformat().startswith("2026-03-10T04:00")


def test_anybody_can_compute_a_deadline_again_from_what_the_api_tells(desk: Desk):
    """Counted here day by day, without the code that counts it there."""
    case = desk.handling()
    told = desk.clients["leader"].get("/api/clocks").json()
    limit = next(row for row in told["limits"] if row["step"] == "settle" and row["kind"] is None)
    assert limit["basis"]["minor"] == "workdays"
    zone = ZoneInfo(told["calendar"]["timezone"])
    off, worked = (set(told["calendar"][name]) for name in ("days_off", "work_days"))
    at = datetime.fromisoformat(case["reported_at"]).astimezone(zone)
    left = limit["seconds"]["minor"]
    while left:
        day = at.date().isoformat()
        counts = day in worked or (day not in off and at.isoweekday() not in told["calendar"]["weekend"])
        midnight = datetime.combine(at.date() + timedelta(days=1), datetime.min.time(), zone)
        step = min(left, int((midnight - at).total_seconds())) if counts else int((midnight - at).total_seconds())
        left -= step if counts else 0
        at += timedelta(seconds=step)
    assert datetime.fromisoformat(case["due_at"]) == at
    [run] = desk.clients["handler"].get(f"/api/cases/{case['case_no']}/clocks").json()["items"]
    assert (run["step"], run["due_at"], run["used_share"]) == ("settle", case["due_at"], 0.0)
