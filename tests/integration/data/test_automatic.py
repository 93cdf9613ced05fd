"""Automatic dispatch: off until an admin switches it on for a category, then once, with the same trace, and undone alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from data.commands import automatic, claims
from data.commands.cases import move_case
from data.database import SYSTEM
from data.queries import cases
from rules.errors import Problem
from rules.facts import MoveRequest
from rules.sla import SlaPolicy
from tests.steps.commands import waiting
from tests.world import NOW

LATER = NOW + timedelta(minutes=1)


def switch(world, *, on=True, category="neighbour", user="admin"):
    automatic.switch(world.database, viewer=world.viewers[user], category=category, on=on, now=NOW)


def work(world):
    return automatic.dispatch_waiting(world.database, now=LATER, sla=SlaPolicy())


def trace(world, case):
    with world.database.reading(SYSTEM) as connection:
        return cases.events(connection, case["case_no"], locale="zh_CN")


def test_it_is_off_until_an_admin_switches_the_category_on(world):
    waiting(world)
    assert work(world) == 0
    switch(world, category="fire")
    assert work(world) == 0
    for user in ("dispatcher", "leader", "handler", "auditor"):
        with pytest.raises(Problem, match="forbidden"):
            switch(world, user=user)
    with pytest.raises(Problem, match="not_found"):
        switch(world, category="nothing")
    switch(world)
    told = {
        row["code"]: (row["by"], row["since"]) for row in automatic.switched(world.database, world.viewers["admin"])
    }
    assert told["neighbour"] == ("admin", NOW)
    switch(world, on=False)
    assert work(world) == 0


def test_it_goes_once_to_the_first_recommendation_with_the_trace_of_any_dispatch(world):
    switch(world)
    case = waiting(world)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: work(world), range(4))) == 1
    done = trace(world, case)[-1]
    organisation = world.organisations["justice-C1"]
    assert (done["act"], done["by"]["role"], done["to_organisation"]["id"]) == ("dispatch", "system", organisation)
    assert done["details"] == {"rank": 1, "recommended": organisation, "rule": "automatic"}
    assert [event["act"] for event in trace(world, case)].count("dispatch") == 1


def test_a_recalled_case_is_left_to_people(world):
    switch(world)
    case = waiting(world)
    work(world)
    sent = trace(world, case)[-1]
    request = MoveRequest(case_no=case["case_no"], move="recall", version=sent["version"])
    move_case(world.database, request, viewer=SYSTEM, now=LATER)
    assert work(world) == 0


def test_a_full_body_a_claimed_case_and_nobody_suitable_wait_for_a_dispatcher(world):
    switch(world)
    case = waiting(world)
    with world.database.owning() as connection:
        connection.execute(text("UPDATE organisation SET capacity = 0 WHERE kind <> 'centre'"))
    assert work(world) == 0
    with world.database.owning() as connection:
        connection.execute(text("UPDATE organisation SET capacity = 10 WHERE kind <> 'centre'"))
    claims.claim(world.database, viewer=world.viewers["dispatcher"], case_no=case["case_no"], tab="t")
    assert work(world) == 0
    claims.release(world.database, viewer=world.viewers["dispatcher"], case_no=case["case_no"])
    with world.database.owning() as connection:
        connection.execute(text("UPDATE organisation SET active = false WHERE kind <> 'centre'"))
    assert work(world) == 0
