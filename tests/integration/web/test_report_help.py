"""GET /api/locate and POST /api/texts/check: where a point lies by name, what a report would be refused for, and for whom."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.integration.web.conftest import Site
from tests.steps.api import at, report

REPORTS = {"dispatcher", "dispatcher.c1", "handler"}
METRE = 1 / 110574
PHONE, IDENTITY = "13812345678", "532801199003074518"


@pytest.fixture(autouse=True)
def school(site: Site) -> tuple[float, float]:
    """The only key place: in the middle of C1V1G1."""
    lon, lat = site.world.point_in("C1V1G1")
    with site.world.database.owning() as connection:
        connection.execute(text("INSERT INTO place_category (code, names) VALUES ('school', '{}')"))
        connection.execute(
            text(
                "INSERT INTO key_place (code, prefecture, name, names, category, area_id, path, lon, lat, geom, synthetic)"
                " SELECT 'p1', prefecture, '第一小学', '{}', 'school', id, path, :lon, :lat,"
                " ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), true FROM area WHERE code = 'C1V1G1'"
            ),
            {"lon": lon, "lat": lat},
        )
    return lon, lat


def located(client, lon: float, lat: float) -> dict:
    answer = client.get("/api/locate", params={"lon": lon, "lat": lat})
    assert answer.status_code == 200, answer.text
    return answer.json()


def checked(client, **texts) -> list[dict]:
    answer = client.post("/api/texts/check", json=texts)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.mark.parametrize(
    ("metres", "near", "words"),
    [
        (120, {"name": "第一小学", "distance_m": 120}, "C1V1G1，距第一小学约120米"),
        (2, {"name": "第一小学", "distance_m": 2}, "C1V1G1，位于第一小学"),
        (499, {"name": "第一小学", "distance_m": 499}, "C1V1G1，距第一小学约500米"),
        (560, None, "C1V1G1"),
    ],
)
def test_a_point_is_told_by_its_grid_and_what_it_is_near(site: Site, school, metres: int, near, words: str):
    lon, lat = school
    found = located(site.client("dispatcher"), lon, lat + metres * METRE)
    told = found["near"] and found["near"] | {"distance_m": pytest.approx(found["near"]["distance_m"], rel=0.02)}
    assert (found["area"], found["name"], found["place"]) == ("C1V1G1", "C1V1G1", "C1 › C1V1")
    assert (found["text"], told) == (words, near)


def test_an_english_reader_is_told_in_english(site: Site, school):
    with site.world.database.owning() as connection:
        connection.execute(text("UPDATE app_user SET locale = 'en'"))
    lon, lat = school
    found = located(site.client("dispatcher"), lon, lat + 120 * METRE)
    assert found["text"] == "C1V1G1, about 120 m from 第一小学"


def test_a_point_outside_ones_own_area_is_in_none(site: Site, school):
    for user, code in (("dispatcher.c1", "C2V1G1"), ("dispatcher.c2", "C1V1G1")):
        found = located(site.client(user), *site.world.point_in(code))
        assert (found["area"], found["name"], found["place"], found["near"]) == (None, None, "", None)
        assert "未定位" in found["text"]
    assert located(site.client("dispatcher"), 10, -80)["area"] is None


def test_the_grid_told_is_the_grid_of_the_case(site: Site, school):
    client = site.client("dispatcher")
    for code in ("C1V1G1", "C2V2G2"):
        assert located(client, *at(site, code).values())["area"] == report(site, client, code)["area"] == code


@pytest.mark.parametrize("role", ["dispatcher", "dispatcher.c1", "handler", "leader", "auditor", "admin"])
def test_who_may_report_is_helped_and_nobody_else(site: Site, school, role: str):
    client = site.client(role)
    expected = 200 if role in REPORTS else 403
    lon, lat = school
    assert client.get("/api/locate", params={"lon": lon, "lat": lat}).status_code == expected
    assert client.post("/api/texts/check", json={"title": "噪音"}).status_code == expected
    stranger = site.client()
    assert stranger.get("/api/locate", params={"lon": lon, "lat": lat}).status_code == 401
    assert stranger.post("/api/texts/check", json={}).status_code == 401


def test_bad_points_are_refused(site: Site):
    client = site.client("dispatcher")
    for bad in ("lon=181&lat=0", "lon=0&lat=91", "lon=nan&lat=0", "lon=0&lat=inf", "lon=0", "lat=0", "", "lon=a&lat=b",
                "lon=0&lat=0&x=1"):  # fmt: skip
        assert client.get(f"/api/locate?{bad}").status_code == 422, bad
    for lat in (90, -90):
        assert located(client, 180, lat)["area"] is None


def test_what_would_be_refused_is_pointed_out_with_the_place_in_the_text(site: Site):
    client = site.client("dispatcher")
    found = checked(client, title=f"联系{PHONE}", description=f"住户身份证{IDENTITY}，电话138 1234 5678")
    assert [(one["field"], one["code"]) for one in found] == [
        ("title", "personal_data"), ("description", "personal_data"), ("description", "personal_data")
    ]  # fmt: skip
    words = [one["text"] for one in found]
    assert (PHONE in words[0], IDENTITY in words[1], "138 1234 5678" in words[2]) == (True, True, True)
    assert "电话" in words[0] and "身份证" in words[1]


def test_letters_that_cannot_be_seen_are_pointed_out(site: Site):
    (found,) = checked(site.client("dispatcher"), title="噪\u200b音")
    assert (found["field"], found["code"]) == ("title", "hidden_letters")


def test_the_check_and_the_report_agree(site: Site):
    client = site.client("dispatcher")
    texts = ("噪音扰民", f"电话{PHONE}", "2026-03-10 停水", f"卡号6222021234567890128 {IDENTITY}", "漏水\u202e", "", "  ")
    for words in texts:
        refused = client.post(
            "/api/cases", json={"kind": "dispute", "category": "neighbour", "title": "噪音", "description": words}
        )
        assert (refused.status_code == 422) == bool(checked(client, description=words)), words


def test_texts_of_a_check_are_bounded_and_kept_nowhere(site: Site, caplog, capfd):
    client = site.client("dispatcher")
    for bad in ({"title": "x" * 401}, {"description": "x" * 4001}, {"other": ""}, {"title": None}):
        assert client.post("/api/texts/check", json=bad).status_code == 422, bad
    caplog.set_level("WARNING", "httpx")
    with caplog.at_level("DEBUG"):
        checked(client, title=f"zzsecretzz {PHONE}")
    out, err = capfd.readouterr()
    assert "zzsecretzz" not in out + err + "".join(record.getMessage() for record in caplog.records)
