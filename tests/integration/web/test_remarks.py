"""One remark on several cases: previewed, each by itself, one effect a key, no further than one's scope and role."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.web.conftest import Site


def dispatched(site: Site, count: int, where: str = "C1V1G1") -> list[dict[str, Any]]:
    client = site.client("dispatcher")
    made = []
    for number in range(count):
        lon, lat = site.world.point_in(where)
        form = {"kind": "dispute", "category": "neighbour", "title": f"噪音 {number}", "lon": lon, "lat": lat}
        case = client.post("/api/cases", json=form).json()
        moves = ({"move": "accept"}, {"move": "assess"},
                 {"move": "dispatch", "to": site.world.organisations["justice-C1"]})  # fmt: skip
        for move in moves:
            case = client.post(f"/api/cases/{case['case_no']}/moves", json={**move, "version": case["version"]}).json()
        made.append(case)
    return made


def preview(client, move: str, numbers: list[str]) -> list[dict]:
    return client.post("/api/remarks/preview", json={"move": move, "cases": numbers}).json()["items"]


def test_a_leader_reminds_several_at_once_and_each_is_told_by_itself(site: Site):
    first, second = dispatched(site, 2)
    waiting = site.client("dispatcher").post(
        "/api/cases", json={"kind": "dispute", "category": "neighbour", "title": "t", "area": "C1V1G1"}
    ).json()  # fmt: skip
    leader = site.client("leader")
    numbers = [first["case_no"], second["case_no"], waiting["case_no"], "nowhere"]
    plans = preview(leader, "remind", numbers)
    assert [plan["problem"] and plan["problem"]["code"] for plan in plans] == [None, None, "move_not_allowed", "not_found"]
    assert (plans[0]["holder"], plans[0]["clock"]) == (first["holder"]["name"], "sign")
    items = [{"case_no": plan["case_no"], "version": plan["version"]} for plan in plans[:2]]
    form = {"move": "remind", "items": items}
    answer = leader.post("/api/remarks", json=form, headers={"Idempotency-Key": "r-1"}).json()
    assert (answer["done"], answer["failed"]) == (2, 0)
    again = leader.post("/api/remarks", json=form, headers={"Idempotency-Key": "r-1"}).json()
    assert again == answer
    for case in (first, second):
        trace = leader.get(f"/api/cases/{case['case_no']}/events").json()["items"]
        assert [event["act"] for event in trace].count("remind") == 1


def test_a_supervision_says_its_form_and_reason_to_all(site: Site):
    [case] = dispatched(site, 1)
    leader = site.client("leader")
    items = [{"case_no": case["case_no"], "version": case["version"]}]
    [plan] = preview(leader, "supervise", [case["case_no"]])
    assert plan["problem"] is None
    bare = leader.post("/api/remarks", json={"move": "supervise", "items": items}).json()
    assert bare["items"][0]["problem"]["code"] == "reason_required"
    said = {"move": "supervise", "items": items, "reason": "久拖未决", "form": "letter"}
    assert leader.post("/api/remarks", json=said).json()["done"] == 1
    told = leader.post("/api/remarks", json={**said, "reason": "联系 13812345678"}).json()
    assert told["items"][0]["problem"]["code"] == "personal_data"


@pytest.mark.parametrize("move", ["dispatch", "settle", "archive", "nothing"])
def test_nothing_but_a_remark_is_made_so(site: Site, move: str):
    [case] = dispatched(site, 1)
    items = [{"case_no": case["case_no"], "version": case["version"]}]
    client = site.client("dispatcher")
    assert client.post("/api/remarks", json={"move": move, "items": items}).status_code == 422
    assert client.post("/api/remarks/preview", json={"move": move, "cases": [case["case_no"]]}).status_code == 422


def test_what_lies_beside_ones_area_is_not_there(site: Site):
    lon, lat = site.world.point_in("C2V1G1")
    form = {"kind": "dispute", "category": "neighbour", "title": "t", "lon": lon, "lat": lat}
    case = site.client("dispatcher").post("/api/cases", json=form).json()
    other = site.client("dispatcher.c1")
    [plan] = preview(other, "comment", [case["case_no"]])
    assert plan["problem"]["code"] == "not_found" and plan["title"] == ""
    items = [{"case_no": case["case_no"], "version": case["version"]}]
    answer = other.post("/api/remarks", json={"move": "comment", "items": items, "reason": "t"}).json()
    assert answer["items"][0]["problem"]["code"] == "not_found"


@pytest.mark.parametrize("user", ["auditor", "admin"])
def test_who_reads_no_case_remarks_on_none(site: Site, user: str):
    answer = site.client(user).post("/api/remarks/preview", json={"move": "comment", "cases": ["x"]})
    assert answer.status_code == 403
