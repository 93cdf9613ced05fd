"""Time that a case spent in each of the six stages; the parts add up to the total."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rules.cases import STAGE_OF, Stage, Status

ZERO, MINUTE = timedelta(0), timedelta(minutes=1)


@dataclass(frozen=True)
class Stay:
    """All the time in one stage, in how many visits, and how much of it was paused.

    Not `known`: the start or end of one of the visits is unknown.
    """

    stage: Stage
    length: timedelta
    visits: int
    paused: timedelta = ZERO
    known: bool = True


@dataclass(frozen=True)
class Dwell:
    """`stays` in the order of the stages, those alone that the case has seen; `total` is exactly their sum."""

    stays: tuple[Stay, ...]
    total: timedelta


def times_known(trace: Sequence[Mapping[str, Any]]) -> list[bool]:
    """For each act of a trace whether its time is that of what happened: imported steps say so (`time_unknown`).

    Those that came in before they did have the time of the step before them when no file told theirs.
    """
    known = []
    for place, event in enumerate(trace):
        details = event["details"] or {}
        same = place > 0 and event["at"] == trace[place - 1]["at"]
        known.append(not details.get("time_unknown", bool(details.get("imported")) and same))
    return known


def dwell(steps: Sequence[tuple[datetime, Status]], until: datetime, untold: Collection[int] = ()) -> Dwell:
    """The stays of a case whose acts left it in these statuses, in the order of their numbers, up to `until`.

    `untold`: the steps, by their place, whose time is not known. A clock that was off cannot make a stay negative: a
    moment before the one before it counts as that one.
    """
    lengths: dict[Stage, timedelta] = {}
    visits: dict[Stage, int] = {}
    paused: dict[Stage, timedelta] = {}
    now, before = None, None
    moments = [at for at, _ in steps[1:]] + [until]
    for (at, status), end in zip(steps, moments, strict=True):
        now = at if now is None else now
        end = max(now, end)
        stage = STAGE_OF[status]
        lengths[stage] = lengths.get(stage, ZERO) + (end - now)
        visits[stage] = visits.get(stage, 0) + (stage != before)
        if status == Status.paused:
            paused[stage] = paused.get(stage, ZERO) + (end - now)
        now, before = end, stage
    unknown = _unknown(steps, frozenset(untold))
    stays = tuple(
        Stay(stage, lengths[stage], visits[stage], paused.get(stage, ZERO), stage not in unknown)
        for stage in sorted(lengths)
    )
    return Dwell(stays, sum((stay.length for stay in stays), ZERO))


def longest_stage(
    steps: Sequence[tuple[datetime, Status]], since: datetime, until: datetime, untold: Collection[int] = ()
) -> Stage | None:
    """The stage in which the most of the time between two moments went, pauses left out: where a clock lost it.

    `steps` and `untold` as in `dwell`. None where no time went by, or where it is not known how it was spent.
    """
    if any(since < steps[place][0] for place in untold):
        return None
    lengths: dict[Stage, timedelta] = {}
    for (at, status), end in zip(steps, [at for at, _ in steps[1:]] + [until], strict=True):
        length = min(end, until) - max(at, since)
        if status != Status.paused and length > ZERO:
            lengths[STAGE_OF[status]] = lengths.get(STAGE_OF[status], ZERO) + length
    return max(lengths, key=lambda stage: (lengths[stage], -stage), default=None)


def _unknown(steps: Sequence[tuple[datetime, Status]], untold: frozenset[int]) -> set[Stage]:
    """Stages that the case came to, or left, at an unknown time."""
    unknown: set[Stage] = set()
    before: Stage | None = None
    for place, (_, status) in enumerate(steps):
        stage = STAGE_OF[status]
        if stage != before and place in untold:
            unknown |= {stage} if before is None else {stage, before}
        before = stage
    return unknown


def whole_minutes(dwell: Dwell) -> tuple[int, ...]:
    """The stays in whole minutes whose sum is the total's (largest remainders first get the minutes that are over)."""
    exact = [stay.length / MINUTE for stay in dwell.stays]
    shown = [int(minutes) for minutes in exact]
    over = int(dwell.total / MINUTE) - sum(shown)
    for place in sorted(range(len(exact)), key=lambda place: (shown[place] - exact[place], place))[:over]:
        shown[place] += 1
    return tuple(shown)
