"""Repeat disputes by the API: chains found again by hand, opened as lists, within what one may see."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import combinations
from math import asin, cos, radians, sin, sqrt

import pytest
from sqlalchemy import text

from tests.integration.web.conftest import Site
from tests.world import NOW

INSERT = """
INSERT INTO cases (prefecture, case_no, kind, category, title, severity, source, status, area_id, path, lon, lat, geom,
                   centre_id, centre_path, holder_id, holder_path, version, reported_at, settled_at, status_since,
                   queued_at, settle_from)
SELECT a.prefecture, :no, :kind, :category, '纠纷', 'minor', 'grid_worker', :status, a.id, a.path,
       :lon, :lat, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), o.id, o.path, o.id, o.path, 1, :at, :settled, :at, :at, :at
  FROM area a, (SELECT id, path FROM organisation WHERE kind = 'centre' ORDER BY id LIMIT 1) o WHERE a.code = :area
"""


def apart(one: dict, other: dict) -> float:
    a, b, c, d = (radians(each) for each in (one["lon"], one["lat"], other["lon"], other["lat"]))
    return 2 * 6_371_008.8 * asin(sqrt(sin((d - b) / 2) ** 2 + cos(b) * cos(d) * sin((c - a) / 2) ** 2))


def repeats(later: dict, earlier: dict) -> bool:
    """By the definition of docs/statistics.md."""
    settled = earlier["settled"]
    near = later["category"] == earlier["category"] and apart(later, earlier) <= 200
    return near and settled is not None and settled <= later["at"] <= settled + timedelta(days=90)


def chained(rows: list[dict]) -> set[frozenset[str]]:
    group = {row["no"]: {row["no"]} for row in rows}
    for one, other in combinations(rows, 2):
        if repeats(one, other) or repeats(other, one):
            joined = group[one["no"]] | group[other["no"]]
            for number in joined:
                group[number] = joined
    return {frozenset(numbers) for numbers in group.values() if len(numbers) > 1}


@pytest.fixture
def planted(site: Site) -> tuple[Site, list[dict]]:
    """Disputes of a year round the middles of the grids, some settled."""
    chance = random.Random(11)
    with site.world.database.owning() as connection:
        connection.execute(text("SELECT set_config('gridboard.bulk', 'on', true)"))
        leaves = connection.execute(text("SELECT code, lon, lat FROM area WHERE leaf ORDER BY code")).all()
        kinds = connection.execute(text("SELECT code FROM category ORDER BY code LIMIT 2")).scalars().all()
        rows = []
        for number in range(120):
            leaf, at = chance.choice(leaves), NOW - timedelta(days=chance.uniform(5, 360))
            settled = at + timedelta(days=chance.uniform(1, 5)) if chance.random() < 0.7 else None
            place = {"lon": leaf.lon + chance.uniform(-2e-3, 2e-3), "lat": leaf.lat + chance.uniform(-2e-3, 2e-3)}
            state = {"status": "settled" if settled else "handling", "settled": settled}
            rows.append(
                {
                    "no": f"R-{number:04}",
                    "kind": "dispute",
                    "category": chance.choice(kinds),
                    "area": leaf.code,
                    "at": at,
                    **place,
                    **state,
                }
            )
        connection.execute(text(INSERT), rows)
        beside = {**rows[0], "no": "X-0001", "kind": "request", "at": NOW - timedelta(days=1)}
        connection.execute(text(INSERT), [beside])
    return site, rows


def test_chains_are_those_of_the_definition_and_open_their_cases(planted):
    site, rows = planted
    leader = site.client("leader")
    answer = leader.get("/api/repeats").json()
    wanted = chained(rows)
    assert (
        len(wanted) > 3
        and {frozenset(one["cases"]) for one in answer["items"]} == wanted
        and answer["total"] == len(wanted)
    )
    of = {row["no"]: row for row in rows}
    for one in answer["items"]:
        members = [of[number] for number in one["cases"]]
        assert members == sorted(members, key=lambda row: row["at"])
        assert one["span_m"] == pytest.approx(max(apart(a, b) for a, b in combinations(members, 2)), abs=0.1)
        assert one["span_days"] == pytest.approx(
            (members[-1]["at"] - members[0]["at"]).total_seconds() / 86400, abs=0.01
        )
        assert {row["category"] for row in members} == {one["category"]} and one["name"]
        assert one["points"] == [[pytest.approx(row["lon"]), pytest.approx(row["lat"])] for row in members]
        assert one["open"] == sum(row["status"] == "handling" for row in members)
    longest = answer["items"][0]
    listed = leader.get(longest["list"]).json()
    assert {case["case_no"] for case in listed["items"]} == set(longest["cases"])


def test_chains_of_an_area_are_those_with_a_case_in_it(planted):
    site, rows = planted
    of = {row["no"]: row["area"] for row in rows}
    for area in ("C1", "C1V1", "C1V1G1"):
        found = site.client("leader").get(f"/api/repeats?area={area}").json()["items"]
        wanted = {numbers for numbers in chained(rows) if any(of[number].startswith(area) for number in numbers)}
        assert {frozenset(one["cases"]) for one in found} == wanted


def test_nobody_is_told_of_cases_that_are_not_for_them(planted):
    site, rows = planted
    county = {row["no"] for row in rows if row["area"].startswith("C1")}
    found = site.client("dispatcher.c1").get("/api/repeats").json()["items"]
    assert found and {number for one in found for number in one["cases"]} <= county
    assert site.client("dispatcher.c1").get("/api/repeats?area=C2").status_code == 404
    for user in ("admin", "auditor"):
        assert site.client(user).get("/api/repeats").status_code == 403
    assert site.client("handler").get("/api/repeats").json()["items"] == []


def test_a_new_repeat_is_found_at_once(planted):
    site, rows = planted
    leader = site.client("leader")
    before = leader.get("/api/repeats").json()["total"]
    lonely = {
        **rows[0],
        "lon": rows[0]["lon"] + 0.02,
        "no": "N-0001",
        "settled": NOW - timedelta(days=3),
        "status": "settled",
    }
    after = {**lonely, "no": "N-0002", "at": NOW - timedelta(days=1), "settled": None, "status": "handling"}
    lonely["at"] = NOW - timedelta(days=6)
    with site.world.database.owning() as connection:
        connection.execute(text("SELECT set_config('gridboard.bulk', 'on', true)"))
        connection.execute(text(INSERT), [lonely, after])
        connection.execute(text("SELECT rebuild_rollups('C')"))
    found = leader.get("/api/repeats").json()
    assert found["total"] == before + 1 and ["N-0001", "N-0002"] in [one["cases"] for one in found["items"]]
