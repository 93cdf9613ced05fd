"""A logged-in program over a real connection, and a report that its stream sees."""

from __future__ import annotations

import httpx

from data.commands.reports import CaseReport, report_case
from tests.integration.web.conftest import Site
from tests.world import NOW, PASSWORD


def login(address: str, user: str) -> httpx.Client:
    client = httpx.Client(base_url=address)
    answer = client.post("/api/session", json={"username": user, "password": PASSWORD})
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return client


def report(site: Site, code: str = "C1V1G1") -> dict:
    lon, lat = site.world.point_in(code)
    found = CaseReport(kind="dispute", category="neighbour", title="秘密标题", lon=lon, lat=lat)
    return report_case(site.world.database, viewer=site.world.viewers["dispatcher"], report=found, now=NOW)
