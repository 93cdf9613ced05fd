"""Emerging clusters by the API: a planted one is found, opened as a list, seen within one's area alone; scans of given points."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from data.commands import scans
from tests.integration.web.conftest import Site
from tests.world import NOW

PUBLISHED = Path(__file__).parents[2] / "unit" / "analysis" / "satscan"
INSERT = """
INSERT INTO cases (prefecture, case_no, kind, category, title, severity, source, status, area_id, path, lon, lat, geom,
                   centre_id, centre_path, holder_id, holder_path, version, reported_at, status_since, queued_at, settle_from)
SELECT a.prefecture, :no, 'dispute', (SELECT code FROM category ORDER BY code LIMIT 1), '纠纷', 'minor', 'grid_worker', 'archived',
       a.id, a.path,
       :lon, :lat, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), o.id, o.path, o.id, o.path, 1, :at, :at, :at, :at
  FROM area a, (SELECT id, path FROM organisation WHERE kind = 'centre' ORDER BY id LIMIT 1) o WHERE a.code = :area
"""


def plant(site: Site) -> set[str]:
    """400 cases anywhere at any time of a year, and 12 of the last days round one point of C1V1G1."""
    chance = random.Random(7)
    with site.world.database.owning() as connection:
        connection.execute(text("SELECT set_config('gridboard.bulk', 'on', true)"))
        leaves = connection.execute(text("SELECT code, lon, lat FROM area WHERE leaf ORDER BY code")).all()
        rows = []
        for number in range(400):
            leaf = chance.choice(leaves)
            at = NOW - timedelta(days=chance.uniform(0, 360))
            rows.append({"no": f"R-{number:04}", "area": leaf.code, "lon": leaf.lon, "lat": leaf.lat, "at": at})
        first = next(leaf for leaf in leaves if leaf.code == "C1V1G1")
        for number in range(12):
            at = NOW - timedelta(days=chance.uniform(0, 5))
            rows.append({"no": f"P-{number:04}", "area": first.code, "lon": first.lon, "lat": first.lat, "at": at})
        connection.execute(text(INSERT), rows)
    return {f"P-{number:04}" for number in range(12)}


@pytest.fixture
def planted(site: Site) -> tuple[Site, set[str]]:
    return site, plant(site)


def scanned(site: Site) -> int:
    number, begun = scans._begin(site.world.database, NOW, "system")
    assert begun
    scans.run(site.world.database, number, NOW)
    return number


def test_a_planted_cluster_is_found_and_opens_its_cases(planted):
    site, numbers = planted
    leader = site.client("leader")
    assert leader.get("/api/clusters").json() == {"items": [], "next_cursor": None, "total": 0, "scanned_at": None}
    scanned(site)
    answer = leader.get("/api/clusters?category=all").json()
    assert answer["scanned_at"] and answer["items"]
    first = answer["items"][0]
    assert first["category"] is None and first["p"] <= 0.01 and first["observed"] >= 12 > first["expected"]
    assert first["ratio"] == pytest.approx(first["observed"] / first["expected"], rel=0.01)
    assert first["recurrence_days"] == pytest.approx(1 / first["p"], rel=0.01) and "C1V1G1" in first["areas"]
    listed = leader.get(f"{first['list']}&limit=200").json()
    assert listed["total"] == first["observed"] and numbers <= {case["case_no"] for case in listed["items"]}
    assert leader.get("/api/clusters").json()["total"] >= answer["total"]


def test_a_cluster_is_seen_by_who_sees_its_place(planted):
    site, _ = planted
    scanned(site)
    assert site.client("dispatcher.c1").get("/api/clusters?category=all").json()["total"] >= 1
    assert site.client("dispatcher.c2").get("/api/clusters?category=all").json()["total"] == 0
    number = site.client("leader").get("/api/clusters?category=all").json()["items"][0]["id"]
    assert site.client("dispatcher.c2").get(f"/api/cases?cluster={number}").json()["total"] == 0
    assert site.client("admin").get("/api/clusters").json()["items"][0]["list"] is None


def test_a_scan_on_demand_says_how_far_it_is_and_can_be_ended(planted, monkeypatch):
    site, _ = planted
    leader = site.client("leader")
    started: list[tuple] = []
    monkeypatch.setattr(scans, "run", lambda *given: started.append(given))
    begun = leader.post("/api/clusters/runs")
    assert begun.status_code == 202 and begun.json()["state"] == "running" and begun.json()["share"] == 0
    number = begun.json()["id"]
    assert leader.post("/api/clusters/runs").json()["id"] == number and len(started) == 1
    told: list[float] = []
    tell = scans._teller(site.world.database, number, 1, 4)
    assert tell(0.5) is True
    told.append(leader.get(f"/api/clusters/runs/{number}").json()["share"])
    assert told == [pytest.approx(0.375)]
    assert leader.delete(f"/api/clusters/runs/{number}").status_code == 204
    assert tell(0.9) is False and leader.get(f"/api/clusters/runs/{number}").json()["state"] == "cancelled"
    assert leader.delete(f"/api/clusters/runs/{number}").status_code == 404
    assert leader.get("/api/clusters/runs/999").status_code == 404
    assert leader.get("/api/clusters").json()["scanned_at"] is None


def test_a_run_that_is_cancelled_leaves_what_was_found_before(planted):
    site, _ = planted
    scanned(site)
    before = site.client("leader").get("/api/clusters").json()
    number, _ = scans._begin(site.world.database, NOW, "leader")
    scans.cancel(site.world.database, site.world.viewers["leader"], number)
    scans.run(site.world.database, number, NOW)
    assert site.client("leader").get("/api/clusters").json() == before


def test_one_scan_a_night(site: Site, monkeypatch):
    monkeypatch.setattr(scans, "run", lambda *given: None)
    database = site.world.database
    night = NOW.replace(hour=0)
    assert not scans.request_nightly(database, now=night, hour=12)
    assert scans.request_nightly(database, now=NOW, hour=3)
    assert not scans.request_nightly(database, now=NOW + timedelta(hours=1), hour=3)


@pytest.mark.parametrize("user", ["dispatcher", "handler", "auditor"])
def test_who_may_not_scan(quiet: Site, user: str):
    client = quiet.client(user)
    assert client.post("/api/clusters/runs").status_code == 403
    assert client.post("/api/scan", json={"points": [[1, 1, 1, 1]], "radius_m": 1, "days": 1}).status_code == 403


def test_the_published_run_is_met_by_the_api(quiet: Site):
    places = {}
    for line in (PUBLISHED / "satscan_test1.geo").read_text().splitlines():
        number, x, y = line.split()
        places[int(number)] = (float(x) / 1000, float(y) / 1000)
    rows = [[int(one) for one in line.split()] for line in (PUBLISHED / "satscan_test1.cas").read_text().splitlines()]
    form = {
        "points": [[*places[place], day, n] for place, n, day in rows],
        "radius_m": 1e6,
        "days": 500,
        "last_day": 1000,
    }
    first, second, *_ = quiet.client("leader").post("/api/scan", json=form).json()["items"]
    assert (round(first["llr"], 6), round(second["llr"], 6)) == (3.352053, 2.715606)
    assert (first["from"], first["to"], first["observed"], round(first["expected"], 2)) == (993, 1000, 3, 0.42)
    assert {rows[at][0] for at in first["points"]} <= {23, 6, 16}


@pytest.mark.parametrize(
    "changes",
    [
        {"points": []},
        {"points": [[1, 1, 1]]},
        {"points": [[181, 1, 1, 1]]},
        {"points": [[1, 91, 1, 1]]},
        {"points": [[1, 1, 1, 0]]},
        {"points": [[1, 1, 1e9, 1]]},
        {"points": [[1, 1, "x", 1]]},
        {"days": 0},
        {"radius_m": -1},
        {"replications": 0},
        {"replications": 10**6},
        {"share": 0},
        {"colour": 1},
    ],
)
def test_points_that_cannot_be_scanned(quiet: Site, changes: dict):
    form = {"points": [[1, 1, 1, 1], [1, 1, 2, 1]], "radius_m": 100, "days": 7} | changes
    answer = quiet.client("leader").post("/api/scan", json=form)
    assert answer.status_code == 422 and answer.json()["code"] == "invalid", answer.text
