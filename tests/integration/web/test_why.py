"""What stands around a grid's tier and above the grids, by the API: recomputed from the tables, and seen by whom it is for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from data.commands.tiers import recompute_tiers
from tests.integration.web.conftest import Site
from tests.steps.api import waiting
from tests.world import NOW

GRID = "C1V1G1"
HISTORY = """
SELECT a.code, h.tier, h.contributions FROM tier_history h JOIN area a ON a.id = h.area_id
 WHERE h.evaluated_at <= CAST(:at AS timestamptz) - interval '3 months' ORDER BY h.evaluated_at
"""


def why(client, code: str = GRID) -> dict:
    answer = client.get(f"/api/areas/{code}/why")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def risen(site: Site) -> tuple[Site, list[str]]:
    """A grid that three cases have taken to key since a quarter ago."""
    admin = site.client("admin")
    with site.world.database.owning() as connection:
        recompute_tiers(connection, now=NOW - timedelta(days=100), announce=False)
    numbers = [waiting(site, site.client("dispatcher"), GRID)["case_no"] for _ in range(3)]
    with site.world.database.owning() as connection:
        recompute_tiers(connection, now=NOW, announce=False)
    document = admin.get("/api/rules/1").json()["rule"]
    score = why(site.client("leader"))["score"]
    document["thresholds"] = {"key": round(score - 0.2, 2), "watch": round(score / 2, 2)}
    document["hysteresis"] = 0
    assert admin.post("/api/rules", json={"rule": document, "reason": "试行"}).status_code == 201
    return site, numbers


def test_above_the_grids_which_turned_and_what_pushed(risen):
    site, _ = risen
    leader = site.client("leader")
    with site.world.database.owning() as connection:
        before = {row.code: row for row in connection.execute(text(HISTORY), {"at": NOW})}
        now = connection.execute(
            text("SELECT a.code, t.tier, t.contributions FROM tier t JOIN area a ON a.id = t.area_id")
        ).all()
    for area in ("C", "C1", "C1V1"):
        found = why(leader, area)
        inside = [row for row in now if row.code.startswith(area)]
        turned = {row.code: (before[row.code].tier, row.tier) for row in inside if row.tier != before[row.code].tier}
        assert {one["code"]: (one["from"], one["to"]) for one in found["turned"]["items"]} == turned
        assert (found["turned"]["raised"], found["turned"]["lowered"]) == (len(turned), 0) and turned
        for one in found["pushed"]:
            sums = (
                sum(row.contributions[one["factor"]] for row in rows)
                for rows in (inside, [before[r.code] for r in inside])
            )
            assert one["change"] == pytest.approx(next(sums) - next(sums), abs=0.005)
        first = found["turned"]["items"][0]
        grid = why(leader, first["code"])
        changes = {one["factor"]: one["contribution"] - one["before"] for one in grid["factors"]}
        assert (
            changes[first["pushed"]["factor"]]
            == pytest.approx(max(changes.values()))
            == pytest.approx(first["pushed"]["change"])
        )
    assert why(leader, "C2")["turned"] == {"raised": 0, "lowered": 0, "items": []}


def test_open_cases_duties_and_comparable_grids_of_a_grid(risen):
    site, numbers = risen
    with site.world.database.owning() as connection:
        connection.execute(text("UPDATE organisation SET post = '值班岗' WHERE kind = 'centre'"))
    found = why(site.client("leader"))
    assert {one["case_no"] for one in found["open_cases"]} == set(numbers)
    assert [one["since"] for one in found["open_cases"]] == sorted(one["since"] for one in found["open_cases"])
    listed = {case["case_no"]: case for case in site.client("leader").get(f"/api/cases?area={GRID}").json()["items"]}
    for one in found["open_cases"]:
        assert (one["stage"], one["holder"], one["status"]) == tuple(
            listed[one["case_no"]][name] for name in ("stage", "holder", "status")
        )
    assert found["duties"] and {"organisation", "kind", "post", "level"} == found["duties"][0].keys()
    others = [one["code"] for one in found["comparable"]]
    assert 0 < len(others) <= 5 and GRID not in others
    for one in found["comparable"]:
        assert why(site.client("leader"), one["code"])["score"] == one["score"]
    assert found["thresholds"]["key"] > found["thresholds"]["watch"]
    assert found["history"][-1]["pushed"] is None and found["history"][-2]["pushed"]["change"] > 0


def test_who_reads_no_case_is_told_of_none_and_of_no_grid_elsewhere(risen):
    site, numbers = risen
    for user in ("auditor", "admin"):
        answer = site.client(user).get(f"/api/areas/{GRID}/why")
        assert answer.json()["open_cases"] is None and not any(number in answer.text for number in numbers)
    assert all(one["code"].startswith("C1") for one in why(site.client("dispatcher.c1"))["comparable"])


def test_cases_by_number_are_a_list_of_the_area_and_its_markers(risen):
    site, numbers = risen
    leader = site.client("leader")
    wanted = ",".join(numbers[:2])
    assert {case["case_no"] for case in leader.get(f"/api/cases?cases={wanted}").json()["items"]} == set(numbers[:2])
    assert sorted(leader.get(f"/api/markers?cases={wanted}").json()["items"]["case_no"]) == sorted(numbers[:2])
    assert leader.get(f"/api/cases?area=C2&cases={wanted}").json()["total"] == 0
    assert site.client("dispatcher.c2").get(f"/api/cases?cases={wanted}").json()["total"] == 0
    for wrong in (",", "x" * 65, ",".join(["a"] * 201)):
        assert leader.get("/api/cases", params={"cases": wrong}).status_code == 422


def test_the_end_of_an_override_without_an_offset_is_the_deployments_time(site: Site):
    leader = site.client("leader")
    with site.world.database.owning() as connection:
        recompute_tiers(connection, now=NOW, announce=False)
        zone = connection.execute(text("SELECT deployment_timezone()")).scalar_one()
    form = {"tier": "key", "reason": "近期走访反映集中", "until": f"{NOW + timedelta(days=3):%Y-%m-%dT10:30}"}
    assert leader.put(f"/api/areas/{GRID}/override", json=form).status_code == 204
    with site.world.database.owning() as connection:
        local = connection.execute(
            text("SELECT DISTINCT override_until AT TIME ZONE :zone FROM tier WHERE override_until IS NOT NULL"),
            {"zone": zone},
        )
        assert f"{local.scalar_one():%H:%M}" == "10:30"
    answer = leader.put(f"/api/areas/{GRID}/override", json={**form, "until": ""})
    assert (
        answer.status_code == 422
        and answer.json()["errors"][0]["field"] == "until"
        and answer.json()["errors"][0]["detail"]
    )
