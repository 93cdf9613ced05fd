"""Reporting and moving cases: one transaction, one winner, one event a version, counts that add up."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from data.audit import trace
from data.database import SYSTEM
from data.queries import areas, cases, summaries
from rules.errors import Problem
from tests.steps.commands import move, report, settled, waiting
from tests.world import NOW


def test_a_case_goes_from_report_to_archive(world):
    case = waiting(world)
    assert case["status"] == "waiting" and case["stage"] == 3 and case["area"] == "C1V1G1"
    case = move(world, case, "dispatch", to=world.organisations["justice-C1"])
    assert case["holder"]["id"] == world.organisations["justice-C1"] and "recall" in case["moves"]
    for name in ("sign", "settle"):
        case = move(world, case, name, by="handler")
    case = move(world, case, "archive")
    assert (case["status"], case["version"]) == ("archived", 7)
    with world.database.reading(world.viewers["leader"]) as connection:
        acts = [event["act"] for event in cases.events(connection, case["case_no"])]
    assert acts == ["report", "accept", "assess", "dispatch", "sign", "settle", "archive"]


def test_the_database_lets_one_of_many_win(world):
    case = waiting(world)
    organisations = [world.organisations["justice-C1"], world.organisations["mediators-C"]]
    start = threading.Barrier(8)

    def race(number: int):
        start.wait()
        try:
            return move(world, case, "dispatch", to=organisations[number % 2])
        except Problem as problem:
            return problem

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(race, range(8)))
    winners = [result for result in results if isinstance(result, dict)]
    losers = [result for result in results if isinstance(result, Problem)]
    assert len(winners) == 1 and len(losers) == 7
    for loser in losers:
        assert loser.code == "stale_version"
        assert loser.extra["current"]["holder"] == winners[0]["holder"]
        assert loser.extra["winner"]["move"] == "dispatch" and loser.extra["winner"]["organisation"] == "centre-C"


@pytest.mark.parametrize("remark", ["remind", "comment", "supervise"])
def test_a_remark_of_another_makes_nobody_late(world, remark):
    case = move(world, waiting(world), "dispatch", to=world.organisations["justice-C1"])
    more = {"form": "letter"} if remark == "supervise" else {}
    by = "leader" if remark == "supervise" else "dispatcher"
    for _ in range(2):
        noted = move(world, dict(case, version=_version(world, case)), remark, by=by, reason="看一下", **more)
    assert noted["version"] == case["version"] + 2
    signed = move(world, case, "sign", by="handler")
    assert (signed["status"], signed["version"]) == ("signed", case["version"] + 3)
    with pytest.raises(Problem) as refused:
        move(world, case, "start", by="handler")
    assert refused.value.code == "stale_version", "the signature was no remark"


def test_remarks_at_the_same_moment_are_all_taken(world):
    case = move(world, waiting(world), "dispatch", to=world.organisations["justice-C1"])
    start = threading.Barrier(4)

    def note(number: int) -> dict:
        start.wait()
        return move(world, case, "comment", reason=f"第{number}条")

    with ThreadPoolExecutor(4) as pool:
        versions = sorted(noted["version"] for noted in pool.map(note, range(4)))
    assert versions == [case["version"] + more for more in (1, 2, 3, 4)]


def _version(world, case: dict) -> int:
    with world.database.reading(SYSTEM) as connection:
        return cases.find(connection, case["case_no"], NOW, SYSTEM)["version"]


def test_a_repeated_key_has_one_effect_and_one_answer(world):
    first, again = report(world, key="k1"), report(world, key="k1")
    assert first == again
    with pytest.raises(Problem) as refused:
        report(world, key="k1", title="另一件")
    assert refused.value.code == "key_reused"
    with world.database.reading(SYSTEM) as connection:
        assert connection.execute(text("SELECT count(*) FROM cases")).scalar() == 1


def test_every_count_is_the_length_of_its_list_and_the_sum_below(world):
    for at in ("C1V1G1", "C1V1G2", "C1V2G1", "C2V1G1", "C2V2G2"):
        waiting(world, at=at)
    report(world, at="C1V1G1")
    report(world, lon=10.0, lat=10.0, area="C1")
    report(world, by="dispatcher.c2", lon=None, lat=None, area=None)
    settled(world, at="C1V1G1")
    viewer = world.viewers["leader"]
    with world.database.reading(viewer) as connection:
        for code in ("C", "C1", "C2", "C1V1", "C1V1G1"):
            summary = summaries.summary(connection, areas.key(connection, code), NOW, SYSTEM)
            below = summaries.children(connection, areas.key(connection, code), NOW, SYSTEM)
            for name in ("open", "waiting", "overdue", "to_file"):
                listed = cases.page(connection, cases.CaseFilter(area=code, status=name), NOW, viewer)
                assert summary[name] == listed["total"] == len(listed["items"])
            if below:
                assert summary["open"] == sum(child["open"] for child in below) + summary["unlocated"]
                assert summary["to_file"] == sum(child["to_file"] for child in below)
        assert summaries.summary(connection, areas.key(connection, "C"), NOW, SYSTEM)["open"] == 8
        assert summaries.summary(connection, areas.key(connection, "C"), NOW, SYSTEM)["to_file"] == 1
        assert summaries.summary(connection, areas.key(connection, "C1"), NOW, SYSTEM)["unlocated"] == 1


def test_roll_ups_equal_a_recount(world):
    case = waiting(world)
    case = move(world, case, "dispatch", to=world.organisations["justice-C1"])
    move(world, move(world, case, "sign", by="handler"), "settle", by="handler")
    report(world, at="C2V1G2")

    def rows(connection):
        return {
            table: sorted(map(tuple, connection.execute(text(f"SELECT * FROM {table}")).all()))
            for table in ("area_count", "area_month", "area_day")
        }

    with world.database.owning() as connection:
        kept = {table: [row for row in found if any(row[3:])] for table, found in rows(connection).items()}
        connection.execute(text("SELECT rebuild_rollups('C')"))
        recounted = rows(connection)
    assert kept["area_month"] == recounted["area_month"] and kept["area_day"] == recounted["area_day"]
    assert [row for row in recounted["area_count"] if any(row[3:])] == kept["area_count"]


def test_another_countys_case_is_not_found(world):
    case = report(world, at="C2V1G1")
    with pytest.raises(Problem) as refused:
        move(world, case, "accept", by="dispatcher.c1")
    assert refused.value.code == "not_found"


def test_a_handler_sees_its_own_cases_only(world):
    report(world)
    mine = move(world, waiting(world), "dispatch", to=world.organisations["justice-C1"])
    viewer = world.viewers["handler"]
    with world.database.reading(viewer) as connection:
        listed = cases.page(connection, cases.CaseFilter(area="C1", status="open"), NOW, viewer)
        assert [item["case_no"] for item in listed["items"]] == [mine["case_no"]]
        assert summaries.summary(connection, areas.key(connection, "C1"), NOW, viewer)["open"] == 1


def test_only_the_sender_recalls_and_only_until_signed(world):
    case = move(world, waiting(world), "dispatch", to=world.organisations["justice-C1"])
    with pytest.raises(Problem) as refused:
        move(world, case, "recall", by="dispatcher.c1")
    assert refused.value.code == "forbidden"
    assert move(world, case, "recall")["status"] == "waiting"


def test_the_application_cannot_rewrite_the_trace(world):
    report(world)
    for statement in ("UPDATE case_event SET reason = 'x'", "DELETE FROM case_event"):
        with pytest.raises(ProgrammingError), world.database.writing(SYSTEM) as connection:
            connection.execute(text(statement))


def test_verification_names_a_changed_and_a_missing_row(world):
    case = waiting(world)
    with world.database.owning() as connection:
        assert set(trace.verify(connection)) == {3}
        connection.execute(text("UPDATE case_event SET role = 'leader' WHERE version = 2"))
        faults = [found for found in trace.verify(connection) if isinstance(found, trace.Fault)]
        assert [(fault.case_no, fault.what) for fault in faults] == [
            (case["case_no"], "the row was changed after it was written")
        ]
    with world.database.owning() as connection:
        connection.execute(text("DELETE FROM case_event WHERE version = 2"))
        assert [fault for fault in trace.verify(connection) if isinstance(fault, trace.Fault)]


def test_pages_follow_each_other_without_gap_or_repeat(world):
    made = {report(world, title=f"第{number}件")["case_no"] for number in range(7)}
    viewer, seen, cursor = world.viewers["leader"], [], None
    for sort in ("due_at", "-reported_at", "severity", "title"):
        seen, cursor = [], None
        while True:
            with world.database.reading(viewer) as connection:
                wanted = cases.CaseFilter(area="C", status="open", sort=sort, limit=3, cursor=cursor)
                page = cases.page(connection, wanted, NOW, viewer)
            assert page["total"] == 7
            seen += [item["case_no"] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert len(seen) == 7 and set(seen) == made, sort
