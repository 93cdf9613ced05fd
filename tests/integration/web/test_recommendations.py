"""Recommendations over the interface: score in parts, why below, why nobody; and the reasons for choosing another."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.integration.web.conftest import Site
from tests.steps.api import move, waiting


def test_each_candidate_tells_its_score_in_parts_and_why_it_is_below(site: Site):
    client = site.client("dispatcher")
    case = waiting(site, client)
    answer = client.get(f"/api/cases/{case['case_no']}/recommendations").json()
    first, second = answer["items"]
    assert (answer["unfit"], answer["refer_up"], first["below"]) == ([], None, None)
    for one in (first, second):
        assert round(sum(part["points"] for part in one["parts"]), 2) == one["score"]
        assert all(part["text"] for part in one["parts"])
    assert second["score"] <= first["score"]
    assert second["below"]["code"] == "level" and second["below"]["text"].startswith("层级高于上一名")


def test_where_nobody_may_it_says_why_and_to_whom_it_can_be_referred(site: Site):
    client = site.client("dispatcher.c1")
    case = waiting(site, client)
    with site.world.database.owning() as connection:
        connection.execute(text("DELETE FROM duty WHERE category = 'neighbour'"))
    answer = client.get(f"/api/cases/{case['case_no']}/recommendations").json()
    assert answer["items"] == [] and answer["total"] == 0
    told = {one["name"]: [failed["code"] for failed in one["failed"]] for one in answer["unfit"]}
    assert told["justice-C1"] == ["duty"] and told["centre-C1V1"] == ["centre", "duty"]
    assert answer["unfit"][0]["failed"][0]["text"] == "事权清单不含此类案件"
    assert answer["refer_up"]["name"] == "centre-C1" and answer["refer_up"]["allowed"] is True


def test_the_reasons_for_another_than_the_first_can_be_listed(site: Site):
    client = site.client("dispatcher")
    for choice in ("nearer", "nearer", "load"):
        case = waiting(site, client)
        bodies = client.get(f"/api/cases/{case['case_no']}/recommendations").json()["items"]
        move(client, case, "dispatch", to=bodies[1]["organisation"], choice=choice)
        event = client.get(f"/api/cases/{case['case_no']}/events").json()["items"][-1]
        expected = {"rank": 2, "recommended": bodies[0]["organisation"], "choice": choice}
        assert event["details"].items() >= expected.items()
    case = waiting(site, client)
    move(client, case, "dispatch", to=bodies[0]["organisation"])
    for area in ("C", "C1"):
        found = client.get(f"/api/choices?area={area}").json()["items"]
        assert [(one["choice"], one["text"], one["category"], one["n"]) for one in found] == [
            ("nearer", "就近便民", "neighbour", 2), ("load", "负荷均衡", "neighbour", 1),
        ]  # fmt: skip
    assert client.get("/api/choices?area=C2").json()["items"] == []
    assert client.get("/api/choices?from=2030-01-01T00:00:00Z").json()["items"] == []
    assert site.client("leader").get("/api/choices").json()["total"] == 2
    assert site.client("dispatcher.c2").get("/api/choices").json()["items"] == []
    assert site.client("dispatcher.c2").get("/api/choices?area=C1").status_code == 404


@pytest.mark.parametrize("user", ["handler", "auditor", "admin"])
def test_choices_are_for_dispatchers_and_leaders(site: Site, user: str):
    assert site.client(user).get("/api/choices").status_code == 403
