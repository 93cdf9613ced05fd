"""Tiers as they travel: whole or column by column, remembered by the state of the world, and never another's."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from data.commands.tiers import recompute_tiers
from tests.integration.web.conftest import Site
from tests.steps.api import waiting
from tests.world import NOW

WHOLE = "/api/tiers?area={}&level=grid"
STATE = WHOLE + "&columns=tier,open,waiting"


def revision(client) -> int:
    return client.get("/api/client").json()["boundaries"]["revision"]


def test_index_and_columns_together_tell_what_the_whole_does(site: Site):
    client = site.client("leader")
    whole, state = client.get(WHOLE.format("C1")).json(), client.get(STATE.format("C1")).json()
    index = client.get(f"/api/areas/index/grid/{revision(client)}?area=C1")
    assert index.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert "Cookie" in index.headers["vary"]
    assert {"name", "code", "id"} & state.keys() == set()
    assert {**state, **index.json()} == whole
    assert whole["code"] == ["C1V1G1", "C1V1G2", "C1V2G1", "C1V2G2"] and whole["child"] == ["C1V1"] * 2 + ["C1V2"] * 2


def test_who_has_the_figures_is_told_so_until_they_change(site: Site):
    client = site.client("leader")
    first = client.get(STATE.format("C"))
    known = {"If-None-Match": first.headers["etag"]}
    assert client.get(STATE.format("C"), headers=known).status_code == 304
    case = waiting(site, site.client("dispatcher"))
    changed = client.get(STATE.format("C"), headers=known)
    assert changed.status_code == 200 and sum(changed.json()["open"]) == 1 + sum(first.json()["open"])
    assert changed.json()["seq"] > first.json()["seq"]
    # an act that changes no figure of an area changes no tag
    known = {"If-None-Match": changed.headers["etag"]}
    comment = {"move": "comment", "version": case["version"], "reason": "请尽快"}
    dispatcher = site.client("dispatcher")
    assert dispatcher.post(f"/api/cases/{case['case_no']}/moves", json=comment).status_code == 200
    assert client.get(STATE.format("C"), headers=known).status_code == 304


def test_what_changes_without_a_number_of_the_world_is_seen(site: Site):
    """A first evaluation is no change that anybody is told of, and a recount none of a case."""
    client = site.client("leader")
    assert set(client.get(STATE.format("C")).json()["tier"]) == {""}
    with site.world.database.owning() as connection:
        recompute_tiers(connection, now=NOW)
    assert set(client.get(STATE.format("C")).json()["tier"]) == {"n"}
    waiting(site, site.client("dispatcher"))
    assert sum(client.get(STATE.format("C")).json()["open"]) == 1
    with site.world.database.owning() as connection:
        connection.execute(text("SELECT set_config('gridboard.bulk', 'on', true)"))
        connection.execute(text("UPDATE cases SET status = 'archived'"))
        connection.execute(text("SELECT rebuild_rollups('C')"))
    assert sum(client.get(STATE.format("C")).json()["open"]) == 0


def test_two_people_of_different_areas_on_one_process(site: Site):
    """Each asks twice, the other in between: what is remembered for one is not there for the other."""
    clients = {county: site.client(f"dispatcher.{county.lower()}") for county in ("C1", "C2")}
    leader = site.client("leader")
    number, version = revision(leader), leader.get("/api/client").json()["levels"][3]["boundary_version"]
    addresses = [WHOLE, STATE, f"/api/areas/index/grid/{number}?area={{}}", "/api/areas/{}/summary", "/api/cases?area={}"]
    for _ in range(2):
        for own, other in (("C1", "C2"), ("C2", "C1")):
            for address in addresses:
                assert leader.get(address.format(other)).status_code == 200
                assert clients[own].get(address.format(own)).status_code == 200, address
                assert clients[own].get(address.format(other)).status_code == 404, address
            tile = clients[own].get(f"/tiles/grid/{version}/0/0/0.mvt").content
            assert f"{own}V1G1".encode() in tile and f"{other}V1G1".encode() not in tile


def test_another_language_has_names_of_its_own(site: Site):
    client = site.client("leader")
    with site.world.database.owning() as connection:
        connection.execute(text("UPDATE area SET name = '一号', names = '{\"en\": \"First\"}' WHERE code = 'C1'"))
    address = f"/api/areas/index/county/{revision(client)}?area=C"
    for locale, name in (("zh_CN", "一号"), ("en", "First")):
        with site.world.database.owning() as connection:
            connection.execute(text("UPDATE app_user SET locale = :locale"), {"locale": locale})
        assert client.get(address).json()["name"][0] == name


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/areas/index/grid/999?area=C", 404, "old_boundaries"),
        ("/api/areas/index/grid/x?area=C", 404, "not_found"),
        ("/api/areas/index/street/0?area=C", 404, "not_found"),
        ("/api/tiers?area=C&columns=tier,colour", 422, "invalid"),
        ("/api/tiers?area=NO&level=grid", 404, "not_found"),
    ],
)
def test_what_there_is_not(quiet: Site, address: str, status: int, code: str):
    answer = quiet.client("leader").get(address)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
