"""Targeted remediations: begun, noted on, closed; what each did is told as chance where it may be chance."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.integration.web.conftest import Site
from tests.world import NOW

GRID = "C1V1G1"
DAY = NOW.date()
INSERT = """
INSERT INTO cases (prefecture, case_no, kind, category, title, severity, source, status, area_id, path, centre_id, centre_path,
                   holder_id, holder_path, version, reported_at, status_since, queued_at, settle_from)
SELECT a.prefecture, :no, 'dispute', (SELECT code FROM category ORDER BY code LIMIT 1), '纠纷', 'minor', 'grid_worker', 'archived',
       a.id, a.path, o.id, o.path, o.id, o.path, 1, :at, :at, :at, :at
  FROM area a, (SELECT id, path FROM organisation WHERE kind = 'centre' ORDER BY id LIMIT 1) o WHERE a.code = :area
"""


def form(**changes) -> dict:
    return {
        "areas": [GRID],
        "goal": "两个月内夜间滋扰明显下降",
        "measures": ["夜间联合巡查", "商户约谈"],
        "people": ["派出所副所长", "网格长"],
        "from": DAY.isoformat(),
        "to": (DAY + timedelta(days=60)).isoformat(),
        "checklist": ["完成摸底", "开展约谈"],
    } | changes


def test_one_is_begun_noted_on_and_closed(site: Site):
    leader = site.client("leader")
    answer = leader.post("/api/remediations", json=form())
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["state"] == "running" and made["areas"] == [GRID] and made["people"] == ["派出所副所长", "网格长"]
    address = f"/api/remediations/{made['id']}"
    noted = leader.post(f"{address}/notes", json={"note": "已完成摸底", "done": [0]}).json()
    assert [one["done"] for one in noted["checklist"]] == [True, False] and noted["notes"][0]["note"] == "已完成摸底"
    assert noted["notes"][0]["role"] == "leader" and "username" not in str(noted)
    assert [one["id"] for one in leader.get("/api/remediations?area=C1").json()["items"]] == [made["id"]]
    assert leader.get("/api/remediations?area=C2").json()["total"] == 0
    closed = leader.post(f"{address}/close", json={"note": "目标基本达到"}).json()
    assert (closed["state"], closed["closing"]) == ("closed", "目标基本达到")
    for path in ("notes", "close"):
        again = leader.post(f"{address}/{path}", json={"note": "再记"})
        assert (again.status_code, again.json()["code"]) == (409, "closed")


def test_nothing_is_told_before_something_can_be(site: Site):
    leader = site.client("leader")
    number = leader.post("/api/remediations", json=form()).json()["id"]
    told = leader.get(f"/api/remediations/{number}").json()
    assert told["effect"] is None and "暂无法评估" in told["effect_text"]


def grids(site: Site, count: int) -> list[str]:
    """More grids beside C1V1G1, of its size."""
    codes = [f"C1V1X{number:02}" for number in range(count)]
    with site.world.database.owning() as connection:
        connection.execute(
            text(
                "INSERT INTO area (code, name, short_name, names, level, depth, parent_id, path, ancestor_ids, leaf, prefecture,"
                " geom, lon, lat, bbox, area_km2, households) SELECT :code, :code, :code, '{}', level, depth, parent_id,"
                " (SELECT path FROM area p WHERE p.id = a.parent_id) || :code || '/', ancestor_ids, true, prefecture,"
                " geom, lon, lat, bbox, area_km2, 300 FROM area a WHERE a.code = :like"
            ),
            [{"code": code, "like": GRID} for code in codes],
        )
    return codes


def happen(site: Site, codes: list[str], begins, *, after: dict[str, float]) -> None:
    """Twelve cases a month in each grid for a year, and four months of `after` times as many."""
    chance = random.Random(3)
    rows = []
    for code in codes:
        for month in range(-12, 4):
            mean = 12.0 * (after.get(code, 1.0) if month >= 0 else 1.0)
            for _ in range(sum(chance.random() < mean / 40 for _ in range(40))):
                at = begins + timedelta(days=month * 30 + chance.uniform(0.1, 29.9))
                rows.append({"no": f"E-{len(rows):05}", "area": code, "at": at})
    with site.world.database.owning() as connection:
        connection.execute(text("SELECT set_config('gridboard.bulk', 'on', true)"))
        connection.execute(text(INSERT), rows)


@pytest.mark.parametrize(("times", "verdict"), [(0.25, "fewer"), (1.0, "not_told_from_chance")])
def test_what_it_did_is_told_from_chance_or_not(site: Site, times: float, verdict: str):
    codes = grids(site, 40)
    begins = NOW - timedelta(days=125)
    happen(site, codes, begins, after=dict.fromkeys(codes[:8], times))
    leader = site.client("leader")
    made = leader.post(
        "/api/remediations",
        json=form(areas=codes[:8], **{"from": begins.date().isoformat(), "to": DAY.isoformat()}),
    )
    assert made.status_code == 201, made.text
    told = leader.get(f"/api/remediations/{made.json()['id']}").json()
    effect = told["effect"]
    assert effect["verdict"] == verdict and effect["n"] == 8 and effect["matched"] > 0
    assert effect["lo"] <= effect["estimate"] <= effect["hi"] and len(effect["before"]) == 12
    if verdict == "fewer":
        assert effect["hi"] < 0 and told["effect_text"].startswith("比预期少")
    else:
        assert effect["lo"] <= 0 <= effect["hi"] and told["effect_text"].startswith("尚不能与偶然波动区分")


def test_it_is_seen_where_its_grids_are(site: Site):
    number = site.client("leader").post("/api/remediations", json=form()).json()["id"]
    assert site.client("dispatcher.c1").get(f"/api/remediations/{number}").status_code == 200
    other = site.client("dispatcher.c2")
    assert other.get(f"/api/remediations/{number}").status_code == 404
    assert other.get("/api/remediations").json()["total"] == 0
    assert other.post(f"/api/remediations/{number}/notes", json={"note": "看看"}).status_code == 404
    assert other.post("/api/remediations", json=form()).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"areas": []}, "areas"),
        ({"areas": ["C1"]}, "areas"),
        ({"goal": " "}, "goal"),
        ({"goal": "长" * 201}, "goal"),
        ({"goal": "找张某 13800138000"}, "personal_data"),
        ({"people": ["13800138000"]}, "personal_data"),
        ({"to": DAY.isoformat()}, "to"),
        ({"to": (DAY + timedelta(days=800)).isoformat()}, "from"),
        ({"from": "soon"}, "from"),
        ({"kinds": ["party"]}, "kinds"),
        ({"kinds": []}, "kinds"),
        ({"colour": 1}, "colour"),
    ],
)
def test_one_that_cannot_be_meant(quiet: Site, changes: dict, field: str):
    answer = quiet.client("leader").post("/api/remediations", json=form(**changes))
    assert answer.status_code == 422, answer.text
    assert field in answer.text


@pytest.mark.parametrize("user", ["handler", "auditor", "admin"])
def test_who_may_not_begin_one(quiet: Site, user: str):
    assert quiet.client(user).post("/api/remediations", json=form()).status_code == 403
