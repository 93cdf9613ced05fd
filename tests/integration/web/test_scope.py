"""Nobody sees or changes what is not theirs: every route, every role, an area beside one's own."""

from __future__ import annotations

import pytest

from tests.integration.web.conftest import ORIGIN, Site
from tests.steps.api import at, move, report, waiting
from tests.world import PASSWORD

ROLES = ("leader", "dispatcher", "dispatcher.c1", "handler", "handler.fire", "auditor", "admin")
OF_AREAS = (
    "/api/areas/{0}",
    "/api/areas/{0}/children",
    "/api/areas/{0}/summary",
    "/api/areas/{0}/path",
    "/api/areas/{0}/why",
    "/api/cases?area={0}",
    "/api/export/cases.csv?area={0}",
    "/api/export/cases.xlsx?area={0}",
    "/api/markers?area={0}",
    "/api/places?area={0}",
    "/api/tiers?area={0}&level=grid",
    "/api/live?area={0}",
)
OF_CASES = ("/api/cases/{0}", "/api/cases/{0}/events", "/api/cases/{0}/recommendations")


@pytest.mark.parametrize("path", OF_AREAS)
def test_a_neighbouring_county_looks_like_one_that_does_not_exist(quiet: Site, path: str):
    client = quiet.client("dispatcher.c1")
    for sibling, unknown in (("C2", "C9"), ("C2V1", "C9V1"), ("C2V1G1", "C9V1G1"), ("C", "D")):
        beside, nowhere = client.get(path.format(sibling)), client.get(path.format(unknown))
        assert beside.status_code == nowhere.status_code == 404
        assert beside.json() == nowhere.json()


@pytest.mark.parametrize("path", OF_CASES)
def test_a_neighbours_case_looks_like_one_that_does_not_exist(site: Site, path: str):
    case = waiting(site, site.client("dispatcher.c2"), "C2V1G1")
    client = site.client("dispatcher.c1")
    beside, nowhere = client.get(path.format(case["case_no"])), client.get(path.format("20260310-C2-99999"))
    assert (beside.status_code, beside.json()) == (404, nowhere.json())


def test_a_county_dispatcher_cannot_move_or_report_next_door(site: Site):
    theirs = site.client("dispatcher.c2")
    case = waiting(site, theirs, "C2V1G1")
    client = site.client("dispatcher.c1")
    assert move(client, case, "dispatch", to=site.world.organisations["mediators-C"]).status_code == 404
    assert (
        client.post(
            "/api/cases", json={"kind": "dispute", "category": "neighbour", "title": "x", "area": "C2V1"}
        ).status_code
        == 404
    )
    beyond = client.post(
        "/api/cases", json={"kind": "dispute", "category": "neighbour", "title": "x"} | at(site, "C2V1G1")
    )
    # a point beyond the scope is kept as unlocated under the reporter's own area
    assert beyond.status_code == 201 and beyond.json()["warnings"][0]["code"] == "point_outside", beyond.text
    assert (beyond.json()["area"], beyond.json()["lon"], beyond.json()["lat"]) == ("C1", None, None)
    assert theirs.get(f"/api/cases/{case['case_no']}").json()["version"] == case["version"]


def test_what_each_role_may_read(site: Site):
    case = waiting(site, site.client("dispatcher"))
    may_read = {"leader", "dispatcher", "dispatcher.c1"}
    for user in ROLES:
        client = site.client(user)
        listed = client.get("/api/cases")
        assert (listed.status_code == 200 and listed.json()["total"] == 1) == (user in may_read), user
        one = client.get(f"/api/cases/{case['case_no']}")
        assert (one.status_code == 200) == (user in may_read), user
        markers = client.get("/api/markers")
        assert (case["case_no"] in markers.text) == (user in may_read), user
        assert client.get("/api/areas/C1").status_code == 200


def test_a_handler_sees_the_cases_of_its_own_body_only(site: Site):
    dispatcher = site.client("dispatcher")
    case = waiting(site, dispatcher)
    move(dispatcher, case, "dispatch", to=site.world.organisations["justice-C1"])
    assert site.client("handler").get("/api/cases").json()["total"] == 1
    assert site.client("handler.fire").get("/api/cases").json()["total"] == 0
    assert site.client("handler.fire").get(f"/api/cases/{case['case_no']}").status_code == 404


@pytest.mark.parametrize("user", ["leader", "auditor", "admin"])
def test_who_only_reads_changes_nothing(site: Site, user: str):
    case = report(site, site.client("dispatcher"))
    client = site.client(user)
    assert (
        client.post(
            "/api/cases", json={"kind": "dispute", "category": "neighbour", "title": "x", "area": "C1V1G1"}
        ).status_code
        == 403
    )
    assert move(client, case, "accept").status_code in (403, 404)
    assert site.client("dispatcher").get(f"/api/cases/{case['case_no']}").json()["version"] == 1


def test_tiles_of_one_scope_never_serve_another(site: Site):
    leader, county = site.client("leader"), site.client("dispatcher.c1")
    version = leader.get("/api/client").json()["levels"][1]["boundary_version"]
    path = f"/tiles/county/{version}/0/0/0.mvt"
    whole, part = leader.get(path).content, county.get(path).content
    assert b"C2" in whole
    assert b"C2" not in part
    assert b"C1" in part


@pytest.mark.parametrize(
    "path",
    [
        *OF_AREAS,
        "/api/client",
        "/api/search?q=c",
        "/api/openapi.json",
        "/tiles/county/1/0/0/0.mvt",
        "/api/base/river",
        "/_dash-layout",
        "/_dash-dependencies",
        "/api/nothing",
    ],
)
def test_nobody_gets_nothing(quiet: Site, path: str):
    answer = quiet.client().get(path.format("C1"))
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("path", ["/map", "/dispatch", "/case/1", "/", "/wall", "/anything"])
def test_nobody_is_sent_to_the_login_page(quiet: Site, path: str):
    answer = quiet.client().get(path, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")


def change(client, path: str = "/api/cases", **headers):
    body = {"kind": "dispute", "category": "neighbour", "title": "x", "area": "C1V1G1"}
    return client.post(path, json=body, headers=headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "path",
    [
        "/api/cases",
        "/api/session",
        "/api/logout",
        "/login",
        "/logout",
        "/_dash-update-component",
        "/_dash-anything",
        "/api/locale",
    ],
)
def test_a_foreign_page_changes_nothing(quiet: Site, path: str, headers: dict):
    answer = change(quiet.client("dispatcher"), path, **headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert quiet.seen == []


def test_our_own_page_may(site: Site):
    assert change(site.client("dispatcher"), Origin=ORIGIN, **{"Sec-Fetch-Site": "same-origin"}).status_code == 201


@pytest.mark.parametrize("token", [None, "", "wrong", "é"])
def test_a_cookie_alone_changes_nothing(quiet: Site, token: str | None):
    client = quiet.client("dispatcher")
    del client.headers["X-CSRF-Token"]
    answer = change(client, **({} if token is None else {"X-CSRF-Token": token.encode()}))
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


CALLBACK = {
    "output": "page.children",
    "outputs": {"id": "page", "property": "children"},
    "inputs": [{"id": "url", "property": "pathname", "value": "/map"}],
    "changedPropIds": ["url.pathname"],
    "parsedChangedPropsIds": ["url.pathname"],
}


def test_a_callback_knows_who_calls(site: Site):
    answer = site.client("leader").post("/_dash-update-component", json=CALLBACK, headers={"Origin": ORIGIN})
    assert answer.status_code == 200
    assert site.seen == ["leader"]


def test_a_forged_callback_is_refused(site: Site):
    assert site.client().post("/_dash-update-component", json=CALLBACK, headers={"Origin": ORIGIN}).status_code == 401
    assert site.client("leader").post("/_dash-update-component", json=CALLBACK).status_code == 403
    assert site.seen == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        "x",
        {"output": "nothing.children"},
        {"output": 5},
        CALLBACK | {"inputs": "x"},
        CALLBACK | {"output": "page.style"},
        CALLBACK | {"inputs": [{}]},
        CALLBACK | {"outputs": None},
    ],
    ids=str,
)
def test_a_callback_that_is_none_is_a_bad_request(quiet: Site, body: object):
    answer = quiet.client("leader").post("/_dash-update-component", json=body, headers={"Origin": ORIGIN})
    assert 400 <= answer.status_code < 500, answer.text


def test_dashs_socket_is_closed(site: Site):
    with site.client("leader") as client:
        page = client.get("/map").text
    assert "_dash-config" in page
    assert '"websocket"' not in page
    with pytest.raises(Exception), client.websocket_connect("/_dash-ws-callback", headers={"Origin": ORIGIN}):  # noqa: B017
        pass


def test_long_and_deep_bodies(quiet: Site):
    client = quiet.client("dispatcher")
    headers = {"Content-Type": "application/json"}
    assert (
        client.post("/api/cases", content=b'{"title": "' + b"x" * 10_000_000 + b'"}', headers=headers).status_code
        == 413
    )

    def endless():
        for _ in range(40):
            yield b"x" * 100_000

    assert client.post("/api/cases", content=endless(), headers=headers).status_code == 413
    for body in (b"[" * 100_000, b'{"a":' * 5000 + b"1" + b"}" * 5000, b"{", b"\xff\xfe", b'{"a": 1} x'):
        answer = client.post("/api/cases", content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_every_answer_carries_the_policy(quiet: Site):
    client = quiet.client("leader")
    for path in ("/login", "/api/client", "/map", "/api/nothing", "/healthz"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        script = next(part for part in policy.split("; ") if part.startswith("script-src"))
        assert "unsafe" not in script
        assert "'self'" in script
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
    assert client.get("/api/client").headers["cache-control"] == "no-store"


def test_script_that_people_typed_stays_text(site: Site):
    client = site.client("dispatcher")
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    case = report(site, client, title=evil, description=evil)
    answer = client.get(f"/api/cases/{case['case_no']}")
    assert answer.json()["title"] == evil
    assert answer.headers["content-type"].startswith("application/json")
    assert "<script>alert(2)" not in client.post("/login", data={"username": evil, "password": "x"}).text


def test_a_display_sees_that_there_is_a_case_and_not_which(site: Site):
    from data import accounts
    from tests.world import NOW

    case = waiting(site, site.client("dispatcher"))
    with site.world.database.owning() as connection:
        token = accounts.add_display(connection, name="hall", area="C1", now=NOW)
    wall = site.client()
    assert wall.get("/wall", params={"display": token}).status_code not in (303, 401, 403)
    assert wall.get("/wall?display=wrong-wrong-wrong").status_code == 401
    part_of_it = {"Referer": f"{ORIGIN}/wall?display={token}"}
    markers = wall.get("/api/markers", headers=part_of_it)
    assert case["case_no"] not in markers.text
    assert len(markers.json()["items"]["lon"]) == 1
    # what a filter leaves out would tell what the case is about
    assert wall.get("/api/markers?category=neighbour", headers=part_of_it).status_code == 403
    assert wall.get("/api/areas/C1/summary", headers=part_of_it).json()["waiting"] == 1
    for path in (
        "/api/cases",
        f"/api/cases/{case['case_no']}",
        f"/api/cases/{case['case_no']}/events",
        "/map",
        "/api/areas/C2",
    ):
        assert wall.get(path, headers=part_of_it, follow_redirects=False).status_code in (303, 403, 404), path
    assert wall.post("/api/cases", json={}, headers=part_of_it).status_code == 403
    called = wall.post("/_dash-update-component", json=CALLBACK, headers=part_of_it | {"Origin": ORIGIN})
    assert called.status_code == 200
    assert site.seen == ["display"]
    with site.world.database.owning() as connection:
        accounts.revoke_display(connection, "hall", NOW)
    assert wall.get("/api/markers", headers=part_of_it).status_code == 401


def test_a_disabled_person_is_out_at_once(site: Site):
    from data import accounts

    client = site.client("leader")
    with site.world.database.owning() as connection:
        accounts.change_user(connection, "leader", active=False)
    assert client.get("/api/client").status_code == 401
    assert site.client().post("/api/session", json={"username": "leader", "password": PASSWORD}).status_code == 401
