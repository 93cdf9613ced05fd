"""Imported open cases: a clock that never ran runs nowhere, until a step that is made here sets one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from data.commands.cases import move_case
from data.commands.projections import Recomputed, recompute_deadlines
from data.commands.reminders import tell_due
from data.commands.reports import CaseReport, report_case
from data.database import SYSTEM
from data.queries import areas, cases, summaries
from imports import import_cases
from rules.calendar import Calendar
from rules.effects import timers_of
from rules.facts import MoveRequest
from rules.sla import Limit, Limits, SlaPolicy
from tests.world import NOW, World

SLA = SlaPolicy()
DAY = timedelta(days=1)
STATUSES = ("reported", "accepted", "waiting", "dispatched", "signed", "handling", "paused")


def written(path: Path, *rows: str) -> Path:
    head = "case_no,category,kind,reported_at,due_at,status,area,organisation,title"
    path.write_text("\n".join([head, *rows]), "utf-8")
    return path


def row(no: str, status: str, *, due: str = "", days: int = 400) -> str:
    at = (NOW - timedelta(days=days)).strftime("%Y-%m-%d %H:%M")
    organisation = "justice-C1" if status in STATUSES[3:] else ""
    return f"{no},neighbour,dispute,{at},{due},{status},C1V1G1,{organisation},噪音"


@pytest.fixture
def imported(world: World, tmp_path: Path) -> World:
    rows = [row(f"OLD-{status}", status) for status in STATUSES]
    rows += [row(f"DUE-{status}", status, due="2026-03-20 12:00", days=30) for status in STATUSES[:-1]]
    rows += [row(f"LATE-{status}", status, due="2026-03-09 12:00", days=30) for status in STATUSES[:-1]]
    import_cases(world.database, [written(tmp_path / "cases.csv", *rows)], now=NOW, timezone="Asia/Shanghai")
    return world


def case_of(world: World, case_no: str) -> dict:
    with world.database.reading(SYSTEM) as connection:
        found = dict(cases.row(connection, case_no))
        found["runs"] = [timer.step.value for timer in timers_of(cases.facts(cases.row(connection, case_no)), SLA)]
        found["overdue"] = cases.find(connection, case_no, NOW, SYSTEM)["overdue"]
        return found


def watch(world: World, now: datetime) -> None:
    while tell_due(world.database, now=now, sla=SLA):
        pass


def messages(world: World) -> list[tuple[str, str]]:
    with world.database.owning() as connection:
        found = connection.execute(text("SELECT case_no, topic FROM outbox WHERE topic LIKE 'clock.%' ORDER BY id"))
        return [(one.case_no, one.topic) for one in found]


def move(world: World, case_no: str, name: str, by: str, now: datetime = NOW, **given) -> dict:
    to = world.organisations.get(given.pop("to", ""))
    request = MoveRequest(case_no=case_no, move=name, version=case_of(world, case_no)["version"], to=to, **given)
    return move_case(world.database, request, viewer=world.viewers[by], now=now, sla=SLA)


@pytest.mark.parametrize("status", STATUSES)
def test_without_a_deadline_there_is_none_anywhere(imported: World, status: str):
    found = case_of(imported, f"OLD-{status}")
    assert (found["due_at"], found["settle_due_at"], found["runs"], found["overdue"]) == (None, None, [], False)


@pytest.mark.parametrize("status", STATUSES[:-1])
def test_a_deadline_of_the_file_is_the_one_everywhere(imported: World, status: str):
    found = case_of(imported, f"DUE-{status}")
    assert found["due_at"] == found["settle_due_at"] and found["runs"] == ["settle"] and not found["overdue"]
    assert case_of(imported, f"LATE-{status}")["overdue"]


def test_the_first_start_after_an_import_tells_nobody_of_what_was(imported: World):
    watch(imported, NOW + timedelta(minutes=5))
    assert messages(imported) == []
    with imported.database.owning() as connection:
        assert connection.execute(text("SELECT count(*) FROM cases WHERE notify_at <= :at"), {"at": NOW + DAY}).scalar() == 0
    watch(imported, NOW + 11 * DAY)
    told = messages(imported)
    assert {case for case, _ in told} <= {f"DUE-{status}" for status in STATUSES} and len(told) > 0
    assert {topic for _, topic in told} <= {"clock.reminder", "clock.passed"}


@pytest.mark.parametrize("status", STATUSES[3:])
def test_a_reminder_starts_no_clock(imported: World, status: str):
    move(imported, f"OLD-{status}", "remind", "dispatcher")
    found = case_of(imported, f"OLD-{status}")
    assert (found["due_at"], found["runs"], found["overdue"]) == (None, [], False)
    watch(imported, NOW + timedelta(minutes=5))
    assert [one for one in messages(imported) if one[0] == f"OLD-{status}"] == []


@pytest.mark.parametrize("status", STATUSES)
def test_a_comment_or_an_order_starts_no_clock(imported: World, status: str):
    move(imported, f"OLD-{status}", "comment", "dispatcher", reason="请关注")
    move(imported, f"OLD-{status}", "supervise", "leader", reason="督办", form="letter")
    assert case_of(imported, f"OLD-{status}")["runs"] == []


@pytest.mark.parametrize("status", STATUSES[:3])
def test_a_reminder_does_not_take_the_deadline_of_the_file_away(imported: World, status: str):
    move(imported, f"LATE-{status}", "supervise", "leader", reason="督办", form="letter")
    found = case_of(imported, f"LATE-{status}")
    assert found["runs"] == ["settle"] and found["overdue"]


def test_a_step_made_here_starts_its_clock_then(imported: World):
    at = NOW + timedelta(hours=3)
    move(imported, "OLD-dispatched", "sign", "handler", at)
    found = case_of(imported, "OLD-dispatched")
    assert found["runs"] == ["contact"] and found["due_at"] == at + timedelta(hours=24)
    move(imported, "OLD-dispatched", "start", "handler", at)
    assert case_of(imported, "OLD-dispatched")["runs"] == [], "no deadline to settle came with it"
    move(imported, "OLD-waiting", "dispatch", "dispatcher", at, to="justice-C1")
    found = case_of(imported, "OLD-waiting")
    assert found["runs"] == ["sign"] and found["due_at"] == at + timedelta(hours=2)
    move(imported, "OLD-signed", "return", "handler", at, reason="不属本单位")
    found = case_of(imported, "OLD-signed")
    assert found["runs"] == ["dispatch"] and found["due_at"] == at + timedelta(hours=2)
    watch(imported, at + timedelta(hours=2, minutes=1))
    assert ("OLD-waiting", "clock.passed") in messages(imported)


def test_a_reopened_case_has_a_time_of_ours(imported: World):
    at = NOW + timedelta(hours=1)
    move(imported, "OLD-handling", "settle", "handler", at)
    move(imported, "OLD-handling", "reopen", "dispatcher", at, reason="复发")
    found = case_of(imported, "OLD-handling")
    assert found["runs"] == ["dispatch"] and found["settle_due_at"] > at + 10 * DAY


def test_a_pause_here_moves_the_deadline_of_the_file_only(imported: World):
    move(imported, "DUE-handling", "pause", "handler", reason="等待鉴定", until=NOW + DAY)
    move(imported, "DUE-handling", "resume", "handler", NOW + DAY)
    move(imported, "OLD-handling", "pause", "handler", reason="等待鉴定", until=NOW + DAY)
    move(imported, "OLD-handling", "resume", "handler", NOW + DAY)
    assert case_of(imported, "OLD-handling")["runs"] == []
    assert case_of(imported, "DUE-handling")["due_at"] > datetime(2026, 3, 20, 12, tzinfo=UTC)


def rows_of(world: World) -> list[tuple]:
    with world.database.owning() as connection:
        query = "SELECT case_no, due_at, settle_from, settle_due_at, queued_at, version FROM cases ORDER BY case_no"
        return [tuple(one) for one in connection.execute(text(query))]


OTHER = SlaPolicy(
    sign=Limits(*(Limit(timedelta(hours=9)),) * 3),
    settle=Limits(*(Limit(timedelta(days=3)),) * 3),
    calendar=Calendar(UTC, days_off=frozenset({date(2026, 3, 11)}), office=((time(9), time(17)),)),
)


def test_recompute_leaves_alone_what_the_rules_did_not_set(imported: World):
    before = rows_of(imported)
    late = overdue(imported)
    done = recompute_deadlines(imported.database, OTHER, now=NOW)
    assert done == Recomputed(looked_at=len(before)) and rows_of(imported) == before
    assert overdue(imported) == late == len(STATUSES) - 1


def overdue(world: World) -> int:
    with world.database.reading(SYSTEM) as connection:
        return int(summaries.summary(connection, areas.key(connection, "C"), NOW, SYSTEM)["overdue"])


def test_recompute_says_first_what_it_would_change(imported: World):
    lon, lat = imported.point_in("C1V1G1")
    report = CaseReport(kind="dispute", category="neighbour", title="噪音", lon=lon, lat=lat)
    ours = [
        report_case(imported.database, viewer=imported.viewers["dispatcher"], report=report, now=NOW - n * DAY)["case_no"]
        for n in (10, 1)
    ]  # fmt: skip
    move(imported, "OLD-waiting", "dispatch", "dispatcher", to="justice-C1")
    for case_no in ours:
        for name, by, given in (
            ("accept", "dispatcher", {}), ("assess", "dispatcher", {}), ("dispatch", "dispatcher", {"to": "justice-C1"}),
            ("sign", "handler", {}), ("start", "handler", {}),
        ):  # fmt: skip
            move(imported, case_no, name, by, NOW - DAY / 2, **given)
    before = rows_of(imported)
    preview = recompute_deadlines(imported.database, OTHER, now=NOW, dry_run=True)
    assert rows_of(imported) == before, "nothing was changed"
    assert (preview.changed, preview.newly_overdue, preview.no_longer_overdue) == (3, 1, 0)
    assert recompute_deadlines(imported.database, OTHER, now=NOW) == preview
    assert {new[0] for old, new in zip(before, rows_of(imported), strict=True) if old != new} == {*ours, "OLD-waiting"}
    back = recompute_deadlines(imported.database, SLA, now=NOW)
    assert (back.changed, back.newly_overdue, back.no_longer_overdue) == (3, 0, 1) and rows_of(imported) == before


MIGRATION = Path(__file__).parents[3] / "data/migrations/sql/0012_clocks_since.sql"


def test_what_an_older_version_imported_is_set_right(imported: World):
    """0.2.0 kept nothing of the import but its trace, and a reminder had given such cases a deadline of last year."""
    at = NOW + timedelta(hours=1)
    move(imported, "OLD-accepted", "assess", "dispatcher", at)
    move(imported, "OLD-waiting", "dispatch", "dispatcher", at, to="justice-C1")
    lon, lat = imported.point_in("C1V1G1")
    report = CaseReport(kind="dispute", category="neighbour", title="噪音", lon=lon, lat=lat)
    ours = report_case(imported.database, viewer=imported.viewers["dispatcher"], report=report, now=at)["case_no"]
    numbers = [f"{kind}-{status}" for kind in ("OLD", "DUE") for status in STATUSES[:-1]] + [ours]
    before = {no: case_of(imported, no) for no in numbers}
    with imported.database.owning() as connection:
        connection.execute(text("UPDATE cases SET clocks_since = NULL"))
        wrong = "UPDATE cases SET due_at = :at WHERE case_no IN ('OLD-reported', 'OLD-dispatched', 'OLD-signed', 'DUE-waiting')"
        connection.execute(text(wrong), {"at": NOW - 300 * DAY})
        with connection.connection.cursor() as cursor:
            cursor.execute(MIGRATION.read_text("utf-8"))
    for no, was in before.items():
        found = case_of(imported, no)
        assert (found["due_at"], found["runs"]) == (was["due_at"], was["runs"]), no
    assert case_of(imported, ours)["clocks_since"] is None
