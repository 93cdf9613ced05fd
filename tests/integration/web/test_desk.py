"""The desk: one queue and many dispatchers; claims, presence, duplicates, several cases at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from tests.integration.web.conftest import Site


def waiting(site: Site, count: int, *, where: str = "C1V1G1", **report: Any) -> list[str]:
    """Cases in the queue, by number."""
    client = site.client("dispatcher")
    numbers = []
    for number in range(count):
        lon, lat = site.world.point_in(where)
        form = {"kind": "dispute", "category": "neighbour", "title": f"噪音 {number}", "lon": lon, "lat": lat} | report
        case = client.post("/api/cases", json=form).json()
        for move in ("accept", "assess"):
            case = client.post(
                f"/api/cases/{case['case_no']}/moves", json={"move": move, "version": case["version"]}
            ).json()
        assert case["status"] == "waiting"
        numbers.append(case["case_no"])
    return numbers


def next_of(client, tab: str = "t", **form: Any) -> str | None:
    answer = client.post("/api/queue/next", json={"tab": tab, **form})
    assert answer.status_code in (200, 204), answer.text
    return answer.json()["case"]["case_no"] if answer.status_code == 200 else None


def test_the_queue_is_ordered_by_time_left_then_severity_then_age(site: Site):
    minor, grave, other = (waiting(site, 1, severity=severity)[0] for severity in ("minor", "grave", "minor"))
    page = site.client("dispatcher").get("/api/queue").json()
    assert [item["case_no"] for item in page["items"]] == [grave, minor, other]
    assert page["total"] == 3 and page["items"][0]["below"] == {"code": "C1", "name": "C1"}
    first = site.client("dispatcher").get("/api/queue?limit=1").json()
    second = site.client("dispatcher").get("/api/queue", params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert second["items"][0]["case_no"] == minor


def test_an_empty_queue_tells_when_a_case_last_waited(site: Site):
    client = site.client("dispatcher")
    assert client.get("/api/queue").json() == {"items": [], "next_cursor": None, "total": 0, "last_waited": None}
    assert next_of(client) is None


def test_fifty_dispatchers_never_get_the_same_case(site: Site):
    numbers = waiting(site, 30)
    client = site.client("dispatcher")
    with ThreadPoolExecutor(20) as pool:
        given = list(pool.map(lambda tab: next_of(client, f"tab-{tab}"), range(50)))
    taken = [number for number in given if number]
    assert sorted(taken) == sorted(numbers), "every case once, none twice"
    assert given.count(None) == 20


def test_the_next_case_of_a_tab_lets_its_last_one_go(site: Site):
    first, second = waiting(site, 2)
    client, other = site.client("dispatcher"), site.client("dispatcher.c1")
    assert next_of(client) == first
    assert next_of(other) == second
    assert next_of(client, passed=[first]) is None
    assert next_of(other, passed=[second]) == first


def test_a_claim_is_seen_kept_renewed_and_let_go(site: Site):
    [number] = waiting(site, 1)
    client, other = site.client("dispatcher"), site.client("dispatcher.c1")
    first = client.post(f"/api/cases/{number}/claim", json={"tab": "a"}).json()
    assert first["seconds"] == 90
    refused = other.post(f"/api/cases/{number}/claim", json={"tab": "b"})
    assert (refused.status_code, refused.json()["code"]) == (409, "claimed")
    assert refused.json()["holder"]["organisation"] == "centre-C"
    renewed = client.post(f"/api/cases/{number}/claim", json={"tab": "another"}).json()
    assert renewed["since"] == first["since"] and renewed["until"] >= first["until"]
    assert other.delete(f"/api/cases/{number}/claim").status_code == 204
    assert other.post(f"/api/cases/{number}/claim", json={"tab": "b"}).status_code == 409
    assert client.delete(f"/api/cases/{number}/claim").status_code == 204
    assert other.post(f"/api/cases/{number}/claim", json={"tab": "b"}).status_code == 200


def test_a_claim_that_ran_out_is_free(site: Site):
    [number] = waiting(site, 1)
    client, other = site.client("dispatcher"), site.client("dispatcher.c1")
    assert next_of(client) == number and next_of(other) is None
    with site.world.database.owning() as connection:
        connection.execute(text("UPDATE case_claim SET expires_at = clock_timestamp() - interval '1 second'"))
    assert next_of(other) == number


def test_a_case_that_has_left_the_queue_is_in_nobodys_hand(site: Site):
    [number] = waiting(site, 1)
    client, other = site.client("dispatcher"), site.client("dispatcher.c1")
    assert next_of(client) == number
    body = site.world.organisations["justice-C1"]
    moved = other.post(f"/api/cases/{number}/moves", json={"move": "dispatch", "version": 3, "to": body})
    assert moved.status_code == 200, "a claim is a courtesy: the version decides"
    with site.world.database.owning() as connection:
        assert connection.execute(text("SELECT count(*) FROM case_claim")).scalar() == 0
    refused = client.post(f"/api/cases/{number}/claim", json={"tab": "t"})
    assert refused.json()["code"] == "move_not_allowed"


def test_dispatchers_see_who_looks_at_a_case_and_nobody_else_does(site: Site):
    [number] = waiting(site, 1)
    client, other = site.client("dispatcher"), site.client("dispatcher.c1")
    other.post("/api/presence", json={"tab": "x", "case": number})
    [seen] = client.post("/api/presence", json={"tab": "y"}).json()["items"]
    assert seen["case_no"] == number
    [watcher] = seen["watching"]
    assert (watcher["organisation"], watcher["you"], watcher["claimed"]) == ("centre-C1", False, False)
    assert client.get("/api/queue").json()["items"][0]["watching"] == [watcher]
    other.post("/api/presence", json={"tab": "x", "case": None})
    assert client.post("/api/presence", json={"tab": "y"}).json()["items"] == []
    for user in ("leader", "handler", "auditor", "admin"):
        stranger = site.client(user)
        assert stranger.post("/api/presence", json={"tab": "z"}).status_code == 403
        assert stranger.post("/api/queue/next", json={"tab": "z"}).status_code == 403
        assert stranger.get("/api/queue").status_code == 403


def test_another_county_is_neither_seen_nor_claimed(site: Site):
    [number] = waiting(site, 1)
    stranger = site.client("dispatcher.c2")
    assert stranger.get("/api/queue").json()["total"] == 0
    assert next_of(stranger) is None
    assert stranger.get("/api/queue?area=C1").status_code == 404
    assert stranger.post("/api/queue/next", json={"tab": "t", "area": "C1"}).status_code == 404
    assert stranger.post(f"/api/cases/{number}/claim", json={"tab": "t"}).status_code == 404
    assert stranger.get(f"/api/cases/{number}/duplicates").status_code == 404
    site.client("dispatcher").post("/api/presence", json={"tab": "y", "case": number})
    assert stranger.post("/api/presence", json={"tab": "z"}).json()["items"] == []


def test_possible_duplicates_are_near_in_place_and_time_and_alike(site: Site):
    first, second = waiting(site, 2)
    [far] = waiting(site, 1, where="C1V2G1")
    [fire] = waiting(site, 1, kind="hazard", category="fire")
    client = site.client("dispatcher")
    [found] = client.get(f"/api/cases/{first}/duplicates").json()["items"]
    assert (found["case"]["case_no"], found["distance_m"]) == (second, 0)
    assert 0 < found["alike"] <= 1
    counts = {item["case_no"]: item["duplicates"] for item in client.get("/api/queue").json()["items"]}
    assert counts == {first: 1, second: 1, far: 0, fire: 0}


def test_cases_that_are_known_by_a_large_area_alone_are_not_alike_for_that(site: Site):
    client = site.client("dispatcher")

    def alike(area: str) -> list[int]:
        numbers = waiting(site, 2, area=area, lon=None, lat=None)
        counts = {item["case_no"]: item["duplicates"] for item in client.get("/api/queue").json()["items"]}
        return [counts[number] for number in numbers]

    assert alike("C1") == [0, 0]
    assert alike("C1V1G1") == [1, 1], "of one grid they may be"


def test_the_groups_of_the_queue_are_named_in_the_readers_language(site: Site):
    waiting(site, 1)
    client = site.client("dispatcher")
    client.cookies.set("gridboard_locale", "en")
    with site.world.database.owning() as connection:
        connection.execute(text("UPDATE area SET names = '{\"en\": \"First County\"}' WHERE code = 'C1'"))
    [item] = client.get("/api/queue").json()["items"]
    assert item["below"] == {"code": "C1", "name": "First County"}


def test_a_merge_closes_one_and_both_traces_stay_whole(site: Site):
    first, second = waiting(site, 2)
    client = site.client("dispatcher")
    merged = client.post(f"/api/cases/{second}/moves", json={"move": "merge", "version": 3, "into": first}).json()
    assert (merged["status"], merged["merged_into"], merged["version"]) == ("merged", first, 4)
    taken = client.get(f"/api/cases/{first}/events").json()["items"]
    assert [event["version"] for event in taken] == [1, 2, 3, 4]
    assert (taken[-1]["act"], taken[-1]["by"]["role"]) == ("absorb", "system")
    assert taken[-1]["details"] == {"rule": "merged", "from": second}
    again = client.post(f"/api/cases/{first}/moves", json={"move": "merge", "version": 4, "into": second})
    assert (again.status_code, again.json()["code"]) == (422, "merge_unsuitable")


def test_two_merges_into_each_other_have_one_winner(site: Site):
    first, second = waiting(site, 2)
    client = site.client("dispatcher")

    def merge(pair: tuple[str, str]) -> int:
        return client.post(
            f"/api/cases/{pair[0]}/moves", json={"move": "merge", "version": 3, "into": pair[1]}
        ).status_code

    with ThreadPoolExecutor(2) as pool:
        codes = sorted(pool.map(merge, [(first, second), (second, first)]))
    assert codes[0] == 200 and codes[1] in (409, 422)


@pytest.fixture
def batch(site: Site) -> tuple[Site, list[str], int]:
    return site, waiting(site, 4), site.world.organisations["justice-C1"]


def test_a_preview_says_what_would_happen_to_each(batch):
    site, numbers, body = batch
    client = site.client("dispatcher")
    plan = client.post("/api/bulk/preview", json={"cases": [*numbers, "nowhere"], "to": body}).json()["items"]
    assert [one["case_no"] for one in plan] == [*numbers, "nowhere"]
    assert {(one["to"], one["load"], one["load_after"], one["capacity"]) for one in plan[:4]} == {(body, 0, 4, 10)}
    assert plan[4]["problem"]["code"] == "not_found"
    assert client.get(f"/api/cases/{numbers[0]}").json()["status"] == "waiting"
    best = client.post("/api/bulk/preview", json={"filter": {"area": "C1"}}).json()["items"]
    assert [one["case_no"] for one in best] == numbers and all(one["to"] for one in best)
    wrong = site.world.organisations["fire-C"]
    refused = client.post("/api/bulk/preview", json={"cases": numbers[:1], "to": wrong}).json()["items"][0]
    assert refused["problem"]["code"] == "body_unsuitable" and refused["to"] is None


def test_a_batch_reports_what_went_and_what_another_took_first(batch):
    site, numbers, body = batch
    client, other = site.client("dispatcher"), site.client("dispatcher.c1")
    taken = other.post(f"/api/cases/{numbers[1]}/moves", json={"move": "dispatch", "version": 3, "to": body})
    assert taken.status_code == 200
    form = {"items": [{"case_no": number, "version": 3, "to": body} for number in numbers]}
    answer = client.post("/api/bulk", json=form, headers={"Idempotency-Key": "batch-1"}).json()
    assert (answer["done"], answer["failed"]) == (3, 1)
    problem = answer["items"][1]["problem"]
    assert (problem["code"], problem["winner"]["organisation"]) == ("stale_version", "centre-C1")
    again = client.post("/api/bulk", json=form, headers={"Idempotency-Key": "batch-1"}).json()
    assert (again["done"], again["failed"]) == (3, 1)
    for number in numbers:
        assert client.get(f"/api/cases/{number}").json()["version"] == 4, "one effect each"


def test_the_load_of_each_body_is_told(batch):
    site, numbers, body = batch
    client = site.client("dispatcher")
    client.post("/api/bulk", json={"items": [{"case_no": numbers[0], "version": 3, "to": body}]})
    found = {one["name"]: one["open_load"] for one in client.get("/api/bodies?area=C1").json()["items"]}
    assert found == {"justice-C1": 1, "fire-C": 0, "mediators-C": 0}
    assert [one["name"] for one in client.get("/api/bodies?category=fire").json()["items"]] == ["fire-C"]


def test_fifty_logins_of_one_account_are_fifty_dispatchers(site: Site):
    numbers = waiting(site, 6)
    clients = [site.client("dispatcher") for _ in range(8)]

    def ask(client) -> str | None:
        answer = client.post("/api/queue/next", json={})
        return answer.json()["case"]["case_no"] if answer.status_code == 200 else None

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(ask, clients))
    assert sorted(number for number in given if number) == numbers


def test_next_goes_on_and_comes_back_only_when_there_is_nothing_else(site: Site):
    first, second = waiting(site, 2)
    client = site.client("dispatcher")
    assert [next_of(client) for _ in range(3)] == [first, second, first]
    other = site.client("dispatcher.c1")
    assert next_of(other) == second
    assert next_of(client) == first, "the only one that is free"
