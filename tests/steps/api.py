"""Reporting and moving cases over the API, and values for the parameters of its addresses."""

from __future__ import annotations

from tests.integration.web.conftest import Site

PLACES = {"{code}": "C1", "{category}": "neighbour", "{number}": "1", "{level}": "county", "{kind}": "river",
          "{version}": "1", "{revision}": "0", "{z}": "0", "{x}": "0", "{y}": "0", "{id}": "1",
          "{name}": "open"}  # fmt: skip
REPORT = {"kind": "dispute", "category": "neighbour", "title": "噪音", "description": "夜间噪音"}


def at(site: Site, code: str) -> dict:
    lon, lat = site.world.point_in(code)
    return {"lon": lon, "lat": lat}


def report(site: Site, client, code: str = "C1V1G1", **changes) -> dict:
    answer = client.post("/api/cases", json=REPORT | at(site, code) | changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


def move(client, case: dict, name: str, **more):
    body = {"move": name, "version": case["version"], **more}
    return client.post(f"/api/cases/{case['case_no']}/moves", json=body)


def waiting(site: Site, client, code: str = "C1V1G1") -> dict:
    case = report(site, client, code)
    for name in ("accept", "assess"):
        case = move(client, case, name).json()
    return case
