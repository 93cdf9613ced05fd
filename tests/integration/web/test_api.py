"""The contract of each route: shapes, problems, and the length of the lists behind the counts."""

from __future__ import annotations

import base64
import json

import pytest
from sqlalchemy import text

from tests.integration.web.conftest import Site
from tests.steps.api import REPORT, at, move, report, waiting


def keys(thing: dict) -> set[str]:
    return set(thing)


def test_an_area_has_its_shape(quiet: Site):
    client = quiet.client("leader")
    area = client.get("/api/areas/C1").json()
    assert keys(area) >= {"code", "name", "level", "parent", "tier", "score", "centre", "bbox"}
    assert (area["code"], area["parent"], area["level"]) == ("C1", "C", "county")
    assert keys(area["centre"]) >= {"name", "lon", "lat"}
    assert len(area["bbox"]) == 4
    assert client.get("/api/areas/C1V1G1").json()["centre"] is None


def test_children_carry_tier_and_counts(site: Site):
    client = site.client("dispatcher")
    waiting(site, client)
    answer = client.get("/api/areas/C/children").json()
    assert keys(answer) == {"items", "next_cursor", "total"}
    assert answer["total"] == 2
    by_code = {child["code"]: child for child in answer["items"]}
    assert (by_code["C1"]["open"], by_code["C1"]["waiting"], by_code["C2"]["open"]) == (1, 1, 0)
    assert keys(by_code["C1"]) >= {"overdue", "tiers", "tier"}
    steps = client.get("/api/areas/C1V1/path").json()["items"]
    assert [step["code"] for step in steps] == ["C", "C1", "C1V1"]


def test_each_count_is_as_long_as_its_list(site: Site):
    client = site.client("dispatcher")
    for code in ("C1V1G1", "C1V2G1", "C2V1G1"):
        waiting(site, client, code)
    report(site, client, "C1V1G2")
    client.post("/api/cases", json=REPORT | {"area": "C1V1"})
    summary = client.get("/api/areas/C1/summary").json()
    assert keys(summary) >= {
        "area",
        "open",
        "waiting",
        "overdue",
        "to_file",
        "unlocated",
        "settled_month",
        "new_today",
        "tiers",
        "as_of",
        "seq",
    }
    for status in ("open", "waiting", "overdue", "to_file"):
        assert client.get(f"/api/cases?area=C1&status={status}").json()["total"] == summary[status]
    assert (summary["open"], summary["waiting"], summary["new_today"]) == (4, 2, 4)
    assert client.get("/api/areas/C1V1/summary").json()["unlocated"] == 1
    assert client.get("/api/cases?area=C1V1&status=open&unlocated=1").json()["total"] == 1


def test_a_case_has_its_shape_and_goes_its_way(site: Site):
    client = site.client("dispatcher")
    case = waiting(site, client)
    assert keys(case) >= {
        "case_no",
        "kind",
        "category",
        "title",
        "description",
        "severity",
        "source",
        "status",
        "stage",
        "area",
        "lon",
        "lat",
        "holder",
        "version",
        "reported_at",
        "due_at",
        "overdue",
        "moves",
    }
    assert (case["area"], case["status"], case["stage"], case["version"]) == ("C1V1G1", "waiting", 3, 3)
    assert case["moves"][0] == "dispatch"
    assert case["reported_at"].endswith("Z")
    suitable = client.get(f"/api/cases/{case['case_no']}/recommendations").json()["items"]
    assert keys(suitable[0]) >= {
        "organisation",
        "name",
        "rank",
        "score",
        "for",
        "against",
        "distance_m",
        "open_load",
        "capacity",
    }
    assert suitable[0]["rank"] == 1
    assert keys(suitable[0]["for"][0]) == {"code", "text"}
    sent = move(client, case, "dispatch", to=suitable[0]["organisation"]).json()
    assert sent["holder"]["id"] == suitable[0]["organisation"]
    assert sent["version"] == 4
    trace = client.get(f"/api/cases/{case['case_no']}/events").json()["items"]
    assert [event["act"] for event in trace] == ["report", "accept", "assess", "dispatch"]
    assert keys(trace[0]) >= {
        "seq",
        "case_no",
        "at",
        "act",
        "by",
        "from_status",
        "to_status",
        "from_organisation",
        "to_organisation",
        "reason",
        "version",
        "hash",
    }


def test_the_second_of_two_learns_who_was_first(site: Site):
    client = site.client("dispatcher")
    case = waiting(site, client)
    to = site.world.organisations["justice-C1"]
    assert move(client, case, "dispatch", to=to).status_code == 200
    late = move(site.client("dispatcher.c1"), case, "dispatch", to=to)
    assert (late.status_code, late.headers["content-type"]) == (409, "application/problem+json")
    problem = late.json()
    assert keys(problem) >= {"type", "title", "status", "code", "detail", "current", "winner"}
    assert problem["current"]["status"] == "dispatched"
    assert problem["winner"]["move"] == "dispatch"
    assert keys(problem["winner"]) >= {"role", "organisation", "move", "at"}


def test_a_retry_with_the_same_key_has_one_effect(site: Site):
    client = site.client("dispatcher")
    headers = {"Idempotency-Key": "one"}
    first = client.post("/api/cases", json=REPORT | at(site, "C1V1G1"), headers=headers)
    again = client.post("/api/cases", json=REPORT | at(site, "C1V1G1"), headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert client.get("/api/cases").json()["total"] == 1
    other = client.post("/api/cases", json=REPORT | at(site, "C1V1G2"), headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    case = first.json()
    moved = [
        client.post(
            f"/api/cases/{case['case_no']}/moves",
            json={"move": "accept", "version": 1},
            headers={"Idempotency-Key": "k"},
        )
        for _ in range(2)
    ]
    assert [answer.json()["version"] for answer in moved] == [2, 2]


def test_a_place_outside_every_area_is_kept_under_the_reporters(site: Site):
    client = site.client("dispatcher")
    case = client.post("/api/cases", json=REPORT | {"lon": 1.0, "lat": 1.0}).json()
    assert (case["area"], case["lon"]) == ("C", None)


def test_pages_of_a_list_hold_each_case_once(site: Site):
    client = site.client("dispatcher")
    numbers = {report(site, client)["case_no"] for _ in range(7)}
    for sort in ("due_at", "-reported_at", "severity", "title"):
        seen, cursor = [], ""
        while cursor is not None:
            page = client.get(f"/api/cases?limit=3&sort={sort}&cursor={cursor}").json()
            seen += [case["case_no"] for case in page["items"]]
            cursor = page["next_cursor"]
            assert page["total"] == 7
        assert len(seen) == 7
        assert set(seen) == numbers


@pytest.mark.parametrize(
    "query",
    [
        "status=nonsense",
        "limit=0",
        "limit=501",
        "limit=x",
        "kind=war",
        "overdue=maybe",
        "cursor=%25%25",
        "cursor=abc",
        "sort=password",
        "severity=deadly",
        "settled_from=yesterday",
        "settled_from=20261120",
        "reported_from=1770000000",
        "overdeu=true",
        "area=C1&areas=C2",
        "holder=99999999999999999999",
    ],
)
def test_a_bad_question_is_told_which_field(quiet: Site, query: str):
    answer = quiet.client("leader").get(f"/api/cases?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["code"] == "invalid"


def test_a_day_or_a_time_without_an_offset_is_the_deployments(site: Site):
    """08:00 of the tenth in Shanghai is midnight UTC: a case reported at 04:00 UTC lies after it and before the eleventh."""
    client = site.client("dispatcher")
    report(site, client)
    totals = {
        since: client.get(f"/api/cases?reported_from={since}").json()["total"]
        for since in ("2026-03-10", "2026-03-10T12:00", "2026-03-10T12:01", "2026-03-10T04:00:00Z", "2026-03-11")
    }
    assert list(totals.values()) == [1, 1, 0, 1, 0]


def test_no_route_for_programs_takes_a_parameter_that_it_does_not_know(quiet: Site):
    client = quiet.client("leader")
    for path in ("/api/areas/C1", "/api/areas/C1/children", "/api/tiers?area=C1&level=grid", "/api/cases", "/api/search?q=a"):
        answer = client.get(f"{path}{'&' if '?' in path else '?'}levle=grid")
        assert (answer.status_code, answer.json()["fields"]) == (422, ["levle"]), path


def test_empty_filters_are_none(site: Site):
    answer = site.client("leader").get("/api/cases?area=&status=&kind=&overdue=&q=&cursor=")
    assert answer.status_code == 200
    assert answer.json() == {"items": [], "next_cursor": None, "total": 0}


BAD_REPORTS = [
    {"kind": "war"},
    {"category": "none"},
    {"category": "fire"},
    {"title": ""},
    {"title": "  "},
    {"title": "x" * 121},
    {"title": 5},
    {"lon": 1.0},
    {"lon": 181, "lat": 0},
    {"lon": "east", "lat": 0},
    {"severity": "deadly"},
    {"source": "rumour"},
    {"description": "x" * 4001},
    {"nonsense": 1},
    {"lon": 10**400, "lat": 0},
    {"area": "../x"},
]


@pytest.mark.parametrize("change", BAD_REPORTS, ids=lambda change: str(change)[:40])
def test_a_bad_report_leaves_nothing(quiet: Site, change: dict):
    client = quiet.client("dispatcher")
    before = client.get("/api/cases").json()["total"]
    answer = client.post("/api/cases", json=REPORT | {"area": "C1V1G1"} | change)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/api/cases").json()["total"] == before


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", '"\\u0000"', '"\\ud800"'])
def test_numbers_and_texts_that_cannot_be_stored(quiet: Site, value: str):
    place = f'"lat": 1, "lon": {value}, "title": "x"' if value[0] != '"' else f'"area": "C1V1G1", "title": {value}'
    body = f'{{"kind": "dispute", "category": "neighbour", {place}}}'
    answer = quiet.client("dispatcher").post("/api/cases", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert "code" in answer.json()


@pytest.mark.parametrize(
    "body",
    [
        {"version": 1},
        {"move": "accept"},
        {"move": "accept", "version": "1"},
        {"move": "fly", "version": 1},
        {"move": "report", "version": 1},
        {"move": "accept", "version": 2**70},
        {"move": "reject", "version": 1},
        {"move": "absorb", "version": 1},
        {"move": "dispatch", "version": 1, "to": -1},
        [],
        None,
        "accept",
    ],
    ids=str,
)
def test_a_bad_move_changes_nothing(quiet: Site, body: object):
    client = quiet.client("dispatcher")
    case = report(quiet, client)
    answer = client.post(f"/api/cases/{case['case_no']}/moves", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] in ("invalid", "move_not_allowed", "reason_required")
    assert client.get(f"/api/cases/{case['case_no']}").json()["version"] == 1


@pytest.mark.parametrize(
    "path",
    [
        "/api/areas/XX",
        "/api/areas/C1%00",
        "/api/areas/%ff",
        "/api/areas/C1%27--",
        "/api/nothing",
        "/api/cases/20260101-C1-00001",
        "/api/cases/20260101-C1-00001/events",
        "/api/base/roads",
        "/tiles/county/1/0/0/9.mvt",
        "/tiles/none/1/0/0/0.mvt",
        "/tiles/county/x/0/0/0.mvt",
        "/api/tiers?level=none",
    ],
)
def test_what_is_not_there_is_a_problem(quiet: Site, path: str):
    answer = quiet.client("leader").get(path)
    assert answer.status_code in (400, 404, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_another_method_is_told_which_would_do(quiet: Site):
    answer = quiet.client("leader").put("/api/cases", json={})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"]


def test_the_map_shows_the_cases_of_any_list(site: Site):
    client = site.client("dispatcher")
    case = waiting(site, client)
    around = f"{case['lon'] - 0.001},{case['lat'] - 0.001},{case['lon'] + 0.001},{case['lat'] + 0.001}"
    reported = case["reported_at"].replace("+", "%2B")
    for query, found in {
        "status=waiting": True,
        f"status=open&kind={case['kind']}&severity={case['severity']}&category={case['category']}": True,
        f"box={around}": True,
        f"reported_from={reported}": True,
        "box=1,1,2,2": False,
        f"reported_to={reported}": False,
        "status=overdue": False,
        "settled_from=2000-01-01&settled_to=2100-01-01": False,
        "status=open&due_from=2100-01-01": False,
    }.items():
        listed = client.get(f"/api/cases?area=C&{query}").json()
        shown = client.get(f"/api/markers?area=C&{query}").json()["items"]["case_no"]
        assert shown == [one["case_no"] for one in listed["items"]] == ([case["case_no"]] if found else []), query


def test_why_above_the_grids_is_how_many_have_which_tier_and_the_worst(quiet: Site):
    client = quiet.client("leader")
    why = client.get("/api/areas/C1/why").json()
    assert "factors" not in why
    assert why["distribution"] == client.get("/api/areas/C1/summary").json()["tiers"]
    assert len(why["worst"]) == min(10, why["distribution"]["key"] + why["distribution"]["watch"])
    ranks = [(one["tier"], -one["score"]) for one in why["worst"]]
    assert ranks == sorted(ranks)
    assert "distribution" not in client.get("/api/areas/C1V1G1/why").json()


@pytest.mark.parametrize("box", ["1", "1,2,3", "1,2,3,4,5", "a,b,c,d", "1,2,3,-", ",,,"])
def test_a_box_is_four_numbers(quiet: Site, box: str):
    for path in ("cases", "markers"):
        assert quiet.client("leader").get(f"/api/{path}?box={box}").status_code == 422


def test_columns_for_the_map(site: Site):
    client = site.client("dispatcher")
    case = waiting(site, client)
    markers = client.get("/api/markers?area=C1").json()
    assert markers["items"]["case_no"] == [case["case_no"]]
    assert markers["seq"] > 0
    assert keys(markers["items"]) >= {"case_no", "lon", "lat", "kind", "severity", "status", "due_at", "reported_at"}
    tiers = client.get("/api/tiers?area=C&level=grid").json()
    assert len(tiers["id"]) == len(tiers["code"]) == len(tiers["tier"]) == 8
    assert set(tiers["child"]) == {"C1", "C2"}
    assert client.get("/api/tiers?area=C1").json()["level"] == "village"
    assert client.get("/api/places?area=C").json()["items"] == []
    assert client.get("/api/base/river").json()["type"] == "FeatureCollection"


def test_search_finds_areas_and_numbers(site: Site):
    client = site.client("dispatcher")
    case = report(site, client)
    found = client.get("/api/search?q=c1v1").json()["items"]
    assert found[0]["type"] == "area"
    assert found[0]["code"] == "C1V1"
    by_number = client.get(f"/api/search?q={case['case_no']}").json()["items"]
    assert by_number[0]["case_no"] == case["case_no"]
    assert client.get(f"/api/search?q={case['case_no'][:9]}").json()["items"][0]["case_no"] == case["case_no"]
    for words in ("%", "_", "\\", "'; drop table area;--", "  ", "𠮷"):
        assert client.get("/api/search", params={"q": words}).status_code == 200


def test_the_client_is_told_what_it_needs(quiet: Site):
    told = quiet.client("leader").get("/api/client").json()
    assert keys(told) >= {
        "user",
        "locale",
        "locales",
        "theme_colours",
        "texts",
        "levels",
        "root",
        "deployment",
        "layers",
        "map",
        "csrf_token",
        "timezone",
        "now",
        "heartbeat_s",
    }
    assert [level["code"] for level in told["levels"]] == ["city", "county", "village", "grid"]
    assert told["root"] == "C"


def test_tiles_keep_for_ever_until_the_boundaries_change(site: Site):
    client = site.client("leader")
    version = client.get("/api/client").json()["levels"][1]["boundary_version"]
    path = f"/tiles/county/{version}/0/0/0.mvt"
    tile = client.get(path)
    assert tile.status_code == 200
    assert len(tile.content) > 20
    assert "immutable" in tile.headers["cache-control"]
    assert "private" in tile.headers["cache-control"]
    assert "Cookie" in tile.headers["vary"]
    again = client.get(path, headers={"If-None-Match": tile.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    with site.world.database.owning() as connection:
        connection.execute(text("UPDATE area_level SET boundary_version = boundary_version + 1 WHERE code = 'county'"))
    site.server.state.tiles._versions_until = 0.0
    assert (client.get(path).status_code, client.get(path).json()["code"]) == (404, "old_boundaries")
    assert client.get(f"/tiles/county/{version + 1}/0/0/0.mvt").status_code == 200


def test_the_document_of_the_api_names_every_route(quiet: Site):
    document = quiet.client("leader").get("/api/openapi.json").json()
    for path in (
        "/api/areas/{code}",
        "/api/areas/{code}/children",
        "/api/areas/{code}/summary",
        "/api/cases",
        "/api/cases/{no}",
        "/api/cases/{no}/events",
        "/api/cases/{no}/moves",
        "/api/cases/{no}/recommendations",
        "/api/live",
        "/api/tiers",
        "/api/session",
        "/tiles/{level}/{version}/{z}/{x}/{y}.mvt",
    ):
        assert path in document["paths"], path
    report_route = document["paths"]["/api/cases"]["post"]
    assert "201" in report_route["responses"]
    assert report_route["requestBody"]
    assert "Idempotency-Key" in {parameter["name"] for parameter in report_route["parameters"]}


def test_health_and_metrics(quiet: Site):
    client = quiet.client()
    assert client.get("/healthz").json()["status"] == "ok"
    client.get("/api/areas/C1")
    words = client.get("/metrics").text
    assert "gridboard_requests_total" in words
    assert "gridboard_live_streams" in words
    assert "C1" not in words


@pytest.mark.parametrize(
    ("sort", "key", "number"),
    [
        ("due_at", "2020-W01-1", "x"),
        ("due_at", "2020-01-01T00:00:00+23:59", "x"),
        ("due_at", "2021-02-30 00:00:00+00", "x"),
        ("severity", "9" * 30, "x"),
        ("severity", "one", "x"),
        ("title", "\0", "x"),
        ("title", "a", "\0"),
    ],
)
def test_a_cursor_that_was_made_up_is_invalid(quiet: Site, sort: str, key: str, number: str):
    cursor = base64.urlsafe_b64encode(json.dumps([sort, key, number, 3]).encode()).decode().rstrip("=")
    answer = quiet.client("leader").get("/api/cases", params={"cursor": cursor, "sort": sort})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize(
    ("user", "point", "warned"),
    [
        ("dispatcher.c1", "C1V1G1", False),
        # a few metres over the border of one's own county are another county
        ("dispatcher.c1", "C2V1G1", True),
        ("dispatcher", (0.0, 0.0), True),
    ],
)
def test_a_point_that_is_not_taken_is_told_and_kept_in_the_trace(site: Site, user: str, point, warned: bool):
    lon, lat = site.world.point_in(point) if isinstance(point, str) else point
    client = site.client(user)
    form = {"kind": "dispute", "category": "neighbour", "title": "噪音", "lon": lon, "lat": lat}
    for _ in range(2):
        answer = client.post("/api/cases", json=form, headers={"Idempotency-Key": "once"})
        assert answer.status_code == 201, answer.text
        case = answer.json()
        assert [one["code"] for one in case["warnings"]] == (["point_outside"] if warned else [])
        assert all(one["text"] for one in case["warnings"])
    assert (case["lon"] is None) == warned
    [event] = client.get(f"/api/cases/{case['case_no']}/events").json()["items"]
    assert event["details"].get("pointed") == ([lon, lat] if warned else None)
