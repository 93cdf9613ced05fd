"""A count of people under five, and whatever it could be computed from, gets to nobody: all that anybody is answered is
the same whichever the small count is, so no arithmetic over it can find the count."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from data.commands.tier_rules import default_document
from data.commands.tiers import recompute_tiers
from data.database import SYSTEM
from data.live.frames import read_events
from data.server.cluster import Cluster
from rules.tier_rule import parse
from tests.integration.web.house import USERS, WALLS, House, open_house
from tests.steps.api import PLACES
from tests.world import NOW

GRID, SIBLING, PARENT = "C1V1G1", "C1V1G2", "C1V1"
#: One of each role.
ROLES = ("leader", "dispatcher", "handler", "auditor", "admin", "wall")
#: Answers with a moment or a token of their own in them, when a wall was seen, or bytes of a document; none of them knows
#: of tiers.
APART = {"/api/live", "/api/client", "/api/cases/{no}/document.pdf", "/api/export/cases.xlsx", "/api/displays", "/healthz"}
#: Callbacks that show the access log or when a wall was seen: each round of this test leaves its own entries there.
OF_THE_LOG = ("audit-box.", "..verify-box.", "..displays-box.")
VOLATILE = re.compile(r'"(?:at|recorded_at|seen_at|csrf_token|id)": ?"?[^",}]*"?')


@pytest.fixture(scope="module")
def house(cluster: Cluster, built_world) -> Iterator[House]:
    yield from open_house(cluster, built_world)


def enter(house: House, counts: dict[str, int], *, households: int = 100) -> None:
    """Persons in assistance of some grids, and the tiers evaluated with them, as the first time."""
    with house.world.database.owning() as connection:
        connection.execute(text("DELETE FROM tier"))
        connection.execute(text("DELETE FROM area_figure"))
        connection.execute(text("DELETE FROM tier_history"))
        connection.execute(text("UPDATE area SET households = :n WHERE leaf"), {"n": households})
        for code, count in counts.items():
            connection.execute(
                text("INSERT INTO area_figure SELECT id, 'caseload', :count, path FROM area WHERE code = :code"),
                {"count": count, "code": code},
            )
        recompute_tiers(connection, now=NOW, announce=False)


def addresses(house: House) -> list[str]:
    document = house.clients["dispatcher"].get("/api/openapi.json").json()
    return [path for path, operations in document["paths"].items() if "get" in operations and path not in APART]


def answers(house: House) -> dict[tuple, str]:
    """All that anybody is answered: every address that is read, for the grid and what is above it, and every callback."""
    found: dict[tuple, str] = {}
    for user in ROLES:
        client = house.clients[user]
        for path in addresses(house):
            for code in (GRID, PARENT):
                address = path.replace("{code}", code).replace("{no}", house.numbers["own"])
                for name, value in PLACES.items():
                    address = address.replace(name, value)
                answer = client.get(address, params={"area": code} if "{code}" not in path else None)
                if answer.status_code == 422:
                    answer = client.get(address)
                found[user, path, code] = f"{answer.status_code} {VOLATILE.sub('', answer.text)}"
        for output in house.callbacks:
            if output.startswith(OF_THE_LOG):
                continue
            for code in (GRID, PARENT):
                values = {"area-code.data": code, "chosen-case.data": house.numbers["own"], "url.pathname": "/map"}
                found[user, output, code] = house.call(user, house.body(output, values)).text
    return found


def test_whatever_the_small_count_is_everybody_is_answered_the_same(house: House):
    enter(house, {GRID: 0, SIBLING: 3})
    none = answers(house)
    assert any("contribution" in words for words in none.values())
    for count in (1, 4):
        enter(house, {GRID: count, SIBLING: 3})
        now = answers(house)
        assert {key for key in none if now[key] != none[key]} == set(), count


def test_what_changes_from_five_on_changes_in_steps_of_five(house: House):
    """So that two answers at two times do not give a single person back; and so that the test above can see something."""
    enter(house, {GRID: 5})
    five = answers(house)
    enter(house, {GRID: 0})
    assert answers(house) != five
    for count in (9,):
        enter(house, {GRID: count})
        now = answers(house)
        assert {key for key in five if now[key] != five[key]} == set(), count
    enter(house, {GRID: 10})
    assert answers(house) != five


def solved(score: float, rest: float, households: int) -> float:
    """The count that a contribution of score - rest stands for, by the rule that everybody can read."""
    rule = parse(default_document()).factor("assisted_persons")
    part = score - rest
    return 0.0 if part <= 0.005 else rule.half_rate * part / (rule.weight - part) * max(households, 50) / 1000


@pytest.mark.parametrize("households", [3, 100, 2000])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
def test_an_attacker_who_solves_finds_nothing_under_five(house: House, count: int, households: int):
    enter(house, {GRID: count, SIBLING: 7}, households=households)
    client = house.clients["leader"]
    why = client.get(f"/api/areas/{GRID}/why").json()
    contributions = {one["factor"]: one["contribution"] for one in why["factors"]}
    persons = next(one for one in why["factors"] if one["factor"] == "assisted_persons")
    area, siblings = client.get(f"/api/areas/{GRID}").json(), client.get(f"/api/areas/{PARENT}/children").json()["items"]
    others = sum(value for name, value in contributions.items() if name != "assisted_persons")
    guesses = {
        round(solved(why["score"], others, households)),
        round(solved(area["score"], others, households)),
        round(solved(sum(contributions.values()), others, households)),
        round(solved(sum(one["score"] for one in siblings if one["code"] == GRID), others, households)),
    }
    shown = persons["amount"]
    assert guesses == {0 if count < 5 else 5} and shown == (None if count < 5 else 5)
    assert persons["hidden"] == (count < 5) and persons["items"] == [] and persons["list"] is None
    assert why["score"] == pytest.approx(sum(contributions.values()), abs=0.005)
    assert count >= 5 or f'"amount": {count}' not in json.dumps(persons)


def test_the_stream_and_the_metrics_carry_no_score(house: House):
    enter(house, {GRID: 4})
    with house.world.database.owning() as connection:
        connection.execute(text("DELETE FROM tier_change"))
        connection.execute(
            text(
                "INSERT INTO tier_change (area_id, path, code, tier, score, at)"
                " SELECT id, path, code, 'watch', 33.07, :now FROM area WHERE code = :code"
            ),
            {"now": NOW, "code": GRID},
        )
    with house.world.database.reading(SYSTEM) as connection:
        events = read_events(connection, after=0, lo="", hi="~", limit=1000, now=NOW)
    frames = [event.frame_for(house.world.viewers["leader"]) for event in events if "tier" in event.row]
    assert len(frames) == 1 and frames[0] is not None
    assert b"33.07" not in frames[0] and b'"tier":"watch"' in frames[0]
    assert "assisted" not in house.clients["admin"].get("/metrics").text


def test_the_words_of_an_override_are_for_who_may_read_a_case(house: House):
    enter(house, {GRID: 1})
    with house.world.database.owning() as connection:
        connection.execute(
            text(
                "UPDATE tier SET override_tier = 'key', override_reason = '近期走访反映集中',"
                " override_until = now() + interval '9 years'"
            )
        )
    shown = {user: house.clients[user].get(f"/api/areas/{GRID}/why").text for user in (*USERS, *WALLS)}
    readers = {user for user, words in shown.items() if "近期走访" in words}
    assert readers == {"leader", "dispatcher", "dispatcher.c1", "handler", "handler.fire"}
