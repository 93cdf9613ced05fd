"""Outcomes as counted by the database: incremental and rebuilt alike, without the future, and told as counts only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from data.commands.cases import move_case
from data.commands.reports import CaseReport, report_case
from data.database import SYSTEM
from data.queries import cases, outcomes
from data.queries.organisations import candidates
from data.queries.recommendations import advise
from data.sql import load
from rules.errors import Problem
from rules.facts import MoveRequest
from tests.world import NOW

SUCCESS = {"method": "people", "people": ("all_parties", "mediator"), "outcome": "success", "agreement": "oral"}
FAILURE = {"method": "people", "people": ("all_parties", "mediator"), "outcome": "failure"}


@pytest.fixture
def case(world):
    lon, lat = world.point_in("C1V1G1")
    return lambda **changes: report_case(
        world.database,
        viewer=world.viewers["dispatcher"],
        report=CaseReport(kind="dispute", category="neighbour", title="t", lon=lon, lat=lat, **changes),
        now=NOW,
    )


def walk(world, case, *moves, now=NOW, to="justice-C1"):
    """Carry a case through moves; a mediation is given with its details."""
    for move in moves:
        name, details = move if isinstance(move, tuple) else (move, {})
        if name == "dispatch":
            details = {"to": world.organisations[to]}
        if name == "reopen":
            details = {"reason": "r"}
        request = MoveRequest(case_no=case["case_no"], move=name, version=case["version"], **details)
        case = move_case(world.database, request, viewer=SYSTEM, now=now)
    return case


ROUTED = ("accept", "assess", "dispatch", "sign", "start")


def record(world, now, name="justice-C1", category="neighbour"):
    organisation = world.organisations[name]
    with world.database.reading(world.viewers["dispatcher.c2"]) as connection:
        return outcomes.records(connection, "C", category, now=now, organisations=[organisation]).get(organisation)


def test_the_first_mediation_counts_and_no_later_one(world, case):
    walk(world, case(), *ROUTED, ("record_mediation", SUCCESS), "settle")
    walk(world, case(), *ROUTED, ("record_mediation", FAILURE), ("record_mediation", SUCCESS), "settle")
    found = record(world, NOW + timedelta(days=1))
    assert found.mediated
    assert (found.outcome.good, found.outcome.n, found.on_time.good, found.on_time.n) == (1, 2, 2, 2)


def test_what_happens_later_changes_nothing_of_an_earlier_day(world, case):
    settled = walk(world, case(), *ROUTED, ("record_mediation", SUCCESS), "settle")
    assert record(world, NOW) is None
    before = record(world, NOW + timedelta(days=1))
    late = NOW + timedelta(days=40)
    walk(
        world,
        settled,
        "reopen",
        ("dispatch", {}),
        "sign",
        "start",
        ("record_mediation", FAILURE),
        "settle",
        now=late,
    )
    assert record(world, NOW + timedelta(days=1)) == before
    assert record(world, late + timedelta(days=1)).on_time.n == 2
    assert record(world, NOW + timedelta(days=366 + 40)) is None


def test_late_is_late(world, case):
    walk(world, case(), *ROUTED, ("record_mediation", SUCCESS), "settle", now=NOW + timedelta(days=100))
    found = record(world, NOW + timedelta(days=101))
    assert (found.on_time.good, found.on_time.n) == (0, 1)


def test_counted_again_from_the_trace_it_is_the_same(world, case):
    walk(world, case(), *ROUTED, ("record_mediation", SUCCESS), "settle")
    walk(world, case(), *ROUTED, ("record_mediation", FAILURE), "settle", to="mediators-C", now=NOW + timedelta(days=2))
    with world.database.owning() as connection:
        everything = text("SELECT * FROM body_day ORDER BY category, day, organisation_id")
        kept = connection.execute(everything).all()
        connection.execute(text("SELECT rebuild_rollups('C')"))
        assert connection.execute(everything).all() == kept != []


def test_rebuilt_and_reopened_is_not_judged_on_a_deadline_that_is_gone(world, case):
    settled = walk(world, case(), *ROUTED, "settle")
    walk(world, settled, "reopen", now=NOW + timedelta(days=3))
    with world.database.owning() as connection:
        connection.execute(text("SELECT rebuild_rollups('C')"))
        sums = connection.execute(text("SELECT sum(settled), sum(reopened), sum(judged) FROM body_day")).one()
    assert tuple(sums) == (1, 1, 0)


def test_a_settlement_that_is_taken_back_counts_for_nothing(world, case):
    handler = world.viewers["handler"]
    handling = walk(world, case(), *ROUTED)

    def by_the_handler(move, case, now=NOW):
        request = MoveRequest(case_no=case["case_no"], move=move, version=case["version"])
        return move_case(world.database, request, viewer=handler, now=now)

    settled = by_the_handler("settle", handling)
    undone = by_the_handler("undo_settle", settled, NOW + timedelta(seconds=29))
    assert (undone["status"], undone["due_at"]) == ("handling", handling["due_at"])
    everything = text("SELECT category, day, organisation_id, settled, judged, on_time FROM body_day WHERE settled <> 0")
    with world.database.owning() as connection:
        assert connection.execute(everything).all() == []
        settled_n = connection.execute(text("SELECT sum(settled) FROM area_day")).scalar()
    assert not settled_n
    again = by_the_handler("settle", undone, NOW + timedelta(minutes=5))
    with pytest.raises(Problem) as late:
        by_the_handler("undo_settle", again, NOW + timedelta(minutes=5, seconds=31))
    assert late.value.code == "undo_ended"
    with world.database.owning() as connection:
        kept = connection.execute(everything).all()
        assert [row.settled for row in kept] == [1]
        assert connection.execute(load("compare_outcomes")).all() == []
        connection.execute(text("SELECT rebuild_rollups('C')"))
        assert connection.execute(everything).all() == kept


def test_the_application_reads_sums_and_never_the_rows(world, case):
    walk(world, case(), *ROUTED, ("record_mediation", SUCCESS), "settle")
    with pytest.raises(ProgrammingError), world.database.reading(SYSTEM) as connection:
        connection.execute(text("SELECT * FROM body_day")).all()


def test_candidates_carry_their_record_and_the_past_can_turn_the_order(world, case):
    with world.database.owning() as connection:
        connection.execute(
            text(
                "INSERT INTO body_day VALUES ('C', 'neighbour', :day, :bad, 60, 30, 60, 0, 60, 30),"
                " ('C', 'neighbour', :day, :good, 60, 60, 60, 0, 60, 60)"
            ),
            {"day": NOW.date() - timedelta(days=9), "bad": world.organisations["justice-C1"],
             "good": world.organisations["mediators-C"]},
        )  # fmt: skip
    number = case()["case_no"]
    with world.database.reading(world.viewers["dispatcher"]) as connection:
        named = candidates(connection, cases.row(connection, number), now=NOW)
        records = {organisation.id: organisation.record for organisation, _ in named}
        advice = advise(connection, number, world.viewers["dispatcher"], NOW)
        before = advise(connection, number, world.viewers["dispatcher"], NOW - timedelta(days=20))
    assert records[world.organisations["justice-C1"]].outcome.good == 30
    assert before.ranked[0].organisation.id == world.organisations["justice-C1"]
    assert advice.ranked[0].organisation.id == world.organisations["mediators-C"]
    codes = {reason.code for reason in advice.ranked[1].found.reasons_against}
    assert {"first_mediation_low", "on_time_low"} <= codes


def test_where_nobody_qualifies_each_failed_condition_is_told_and_the_centre_above_offered(world, case):
    number = case()["case_no"]
    with world.database.owning() as connection:
        connection.execute(text("DELETE FROM duty WHERE category = 'neighbour'"))
        connection.execute(text("UPDATE organisation SET active = false WHERE code = 'fire-C'"))
    with world.database.reading(world.viewers["dispatcher"]) as connection:
        advice = advise(connection, number, world.viewers["dispatcher"], NOW)
    told = {one.name: one.failed for one in advice.unfit}
    assert advice.ranked == ()
    assert told["justice-C1"] == ("duty",) and told["fire-C"] == ("inactive", "duty")
    assert told["centre-C1"] == ("centre", "duty")
    assert [len(one.failed) for one in advice.unfit] == sorted(len(one.failed) for one in advice.unfit)
    assert advice.above.name == "centre-C1" and advice.above.allowed
