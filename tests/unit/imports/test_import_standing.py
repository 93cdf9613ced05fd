"""Where a case stands at "now": later things have not happened, and every trace is legal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from imports.case_store import TARGETS
from imports.standing import STEPS, Times, stand
from rules.cases import Status
from rules.moves import MOVES

NOW = datetime(2012, 1, 1, tzinfo=UTC)
REPORTED = NOW - timedelta(days=30)
DAY = timedelta(days=1)


@pytest.mark.parametrize("status", list(Status))
def test_every_status_is_reached_by_moves_of_the_table(status):
    before = None
    for step in STEPS[status]:
        move = MOVES[step]
        assert before in move.sources or (before is None and not move.sources)
        assert move.target == TARGETS[step]
        before = move.target
    assert before == status


def test_a_closure_after_now_has_not_happened():
    standing = stand(None, Times(REPORTED, closed_at=NOW + DAY), held=True, now=NOW)
    assert standing.status == Status.signed
    assert standing.settled_at is standing.closed_at is None
    assert standing.note
    assert stand(Status.archived, Times(REPORTED, closed_at=NOW + DAY), held=False, now=NOW).status == Status.waiting
    assert (
        stand(None, Times(REPORTED, closed_at=NOW + DAY), held=True, now=NOW, while_open=Status.handling).status
        == Status.handling
    )


def test_settled_before_and_archived_after_now_is_settled():
    standing = stand(Status.archived, Times(REPORTED, NOW - DAY, NOW + DAY), held=True, now=NOW)
    assert (standing.status, standing.settled_at, standing.closed_at) == (Status.settled, NOW - DAY, None)


def test_the_course_has_the_times_told_and_invents_none():
    standing = stand(
        Status.archived, Times(REPORTED, REPORTED + 3 * DAY, told={"dispatch": REPORTED + DAY}), held=True, now=NOW
    )
    assert [(step, (at - REPORTED).days) for step, at in standing.course] == [
        ("report", 0),
        ("accept", 0),
        ("assess", 0),
        ("dispatch", 1),
        ("sign", 1),
        ("settle", 3),
        ("archive", 3),
    ]


@pytest.mark.parametrize(
    ("times", "field"),
    [
        (Times(REPORTED), "settled_at"),
        (Times(REPORTED, REPORTED - DAY), "settled_at"),
        (Times(REPORTED, REPORTED + 2 * DAY, REPORTED + DAY), "closed_at"),
        (Times(REPORTED, REPORTED + DAY, told={"sign": REPORTED + 2 * DAY}), "settled_at"),
    ],
)
def test_impossible_courses(times, field):
    with pytest.raises(ValueError, match=f"^{field}"):
        stand(Status.archived, times, held=True, now=NOW)
