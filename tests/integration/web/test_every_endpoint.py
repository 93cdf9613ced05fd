"""Every address of the API as its own document lists them: nobody comes in without a login, from another site, or from
another county; a method that is not there says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.web.conftest import Site
from tests.steps.api import PLACES


def addresses(site: Site) -> Iterator[tuple[str, str]]:
    document = site.client("dispatcher").get("/api/openapi.json").json()
    for path, operations in document["paths"].items():
        for method in operations:
            if (path, method) not in (("/api/session", "post"), ("/healthz", "get")):
                yield method.upper(), path


def filled(path: str, case_no: str) -> str:
    for place, value in PLACES.items() | {("{no}", case_no)}:
        path = path.replace(place, value)
    assert "{" not in path, path
    return path


@pytest.fixture
def case_no(site: Site) -> str:
    lon, lat = site.world.point_in("C1V1G1")
    form = {"kind": "dispute", "category": "neighbour", "title": "噪音", "lon": lon, "lat": lat}
    return str(site.client("dispatcher").post("/api/cases", json=form).json()["case_no"])


def test_nobody_comes_in_without_a_login(site: Site, case_no: str):
    stranger = site.client()
    for method, path in addresses(site):
        answer = stranger.request(method, filled(path, case_no))
        assert answer.status_code == 401, (method, path, answer.status_code)


def test_no_other_site_changes_anything_and_no_login_without_its_token(site: Site, case_no: str):
    client = site.client("dispatcher")
    foreign, bare = {"Origin": "https://evil.example"}, site.client("dispatcher")
    del bare.headers["X-CSRF-Token"]
    changing = [(method, filled(path, case_no)) for method, path in addresses(site) if method != "GET"]
    assert len(changing) > 10
    for method, path in changing:
        assert client.request(method, path, json={}, headers=foreign).json()["code"] == "foreign_origin", path
        assert bare.request(method, path, json={}).json()["code"] == "csrf", path


def test_another_countys_case_is_not_there_for_anybody(site: Site, case_no: str):
    of_cases = [(method, path) for method, path in addresses(site) if "{no}" in path]
    assert len(of_cases) >= 9
    bodies = {"moves": {"move": "accept", "version": 1}, "claim": {"tab": "t"}}
    for user in ("dispatcher.c2", "handler", "handler.fire"):
        client = site.client(user)
        for method, path in of_cases:
            if method == "DELETE":
                continue  # lets go of what one has in hand oneself, which is nothing
            answer = client.request(method, filled(path, case_no), json=bodies.get(path.rsplit("/", 1)[1]))
            assert answer.status_code in (403, 404), (user, method, path, answer.status_code)
            assert case_no not in answer.text and "噪音" not in answer.text
    assert site.client("dispatcher").get(f"/api/cases/{case_no}").json()["version"] == 1


def test_an_admin_and_an_auditor_read_no_case(site: Site, case_no: str):
    for user, seen in (("admin", set()), ("auditor", {"events", "route.svg", "document.pdf"})):
        client = site.client(user)
        for method, path in addresses(site):
            if "{no}" in path and method == "GET" and path.rsplit("/", 1)[1] not in seen:
                assert client.get(filled(path, case_no)).status_code in (403, 404), (user, path)
