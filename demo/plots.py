"""Plots of invented cases: which acts, and when each happens; legal by the table of moves."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta

from rules.cases import Kind, Status

Draw = Callable[[], float]
DAYS = 730
MEAN_DAYS_FIRST, MEAN_DAYS_LAST = 7.0, 1.0
SPREAD = 0.9
SLOW_SHARE = 1.3
REJECTED_SHARE, VISITED_SHARE, STARTED_SHARE, PAUSED_SHARE = 0.012, 0.3, 0.6, 0.03
# The article's figures, reached at the end: 80 % settled at one go, 98.2 % of first mediations succeed.
TROUBLED_FIRST, TROUBLED_LAST = 0.36, 0.20
FAILED_FIRST, FAILED_LAST = 0.05, 0.018
TRANSFERRED_PART, RETURNED_PART = 0.5, 0.4
ROUTED = ["accept", "assess", "dispatch"]
# The acts that precede each status of a case that is still open.
BEHIND = {
    Status.reported: [],
    Status.accepted: ["accept"],
    Status.waiting: ["accept", "assess"],
    Status.dispatched: ROUTED,
    Status.signed: [*ROUTED, "sign"],
    Status.handling: [*ROUTED, "sign", "start"],
    Status.paused: [*ROUTED, "sign", "start", "pause"],
    Status.settled: [*ROUTED, "sign", "start", "settle"],
}
RETURNED_AND_WAITING = [*ROUTED, "return"]
SENT_AGAIN = [*ROUTED, "return", "dispatch"]
# How long an act takes beside the others of its case.
LENGTHS = {
    "accept": 0.02,
    "assess": 0.02,
    "dispatch": 0.05,
    "return": 0.05,
    "sign": 0.05,
    "transfer": 0.1,
    "start": 0.05,
    "pause": 0.15,
    "resume": 0.2,
    "record_mediation": 0.25,
    "settle": 0.35,
    "reopen": 0.1,
}


def progress(at: datetime, now: datetime) -> float:
    """How far along the two years a moment lies: 0 at their start, 1 now."""
    return 1 - min(max((now - at) / timedelta(days=DAYS), 0.0), 1.0)


def whole_plot(draw: Draw, kind: Kind, along: float) -> list[str]:
    """The acts of a case that is closed by now, up to its settling; a few are turned away at the door."""
    if draw() < REJECTED_SHARE:
        return ["reject"]
    trouble = _trouble(draw, along)
    acts = [*ROUTED]
    if trouble == "return":
        acts += ["return", "dispatch"]
    acts += ["sign"]
    if trouble == "transfer":
        acts += ["transfer", "sign"]
    acts += _handling(draw, kind, along)
    if trouble == "reopen":
        acts += ["settle", "reopen", "dispatch", "sign"]
    return [*acts, "settle"]


def _trouble(draw: Draw, along: float) -> str | None:
    if draw() >= TROUBLED_FIRST + (TROUBLED_LAST - TROUBLED_FIRST) * along:
        return None
    kind = draw()
    if kind < TRANSFERRED_PART:
        return "transfer"
    return "return" if kind < TRANSFERRED_PART + RETURNED_PART else "reopen"


def _handling(draw: Draw, kind: Kind, along: float) -> list[str]:
    if kind != Kind.dispute and draw() > STARTED_SHARE:
        return []
    acts = ["start", "pause", "resume"] if draw() < PAUSED_SHARE else ["start"]
    if kind == Kind.dispute:
        failed = draw() < FAILED_FIRST + (FAILED_LAST - FAILED_FIRST) * along
        acts += ["record_mediation"] * (2 if failed else 1)
    return acts


def in_one_hand(acts: list[str]) -> list[str]:
    """The same story where no other organisation could have taken the case: it is neither returned nor transferred."""
    kept: list[str] = []
    for act in acts:
        if kept and (kept[-1], act) in (("return", "dispatch"), ("transfer", "sign")):
            kept.pop()
        else:
            kept.append(act)
    return kept


def standing_plot(stands: Status, *, age: timedelta, odd: bool) -> list[str]:
    """The acts of a case that is still open; every other (`odd`) old one of those on their way was returned before."""
    if odd and age > timedelta(hours=3):
        if stands == Status.waiting:
            return [*RETURNED_AND_WAITING]
        if stands == Status.dispatched:
            return [*SENT_AGAIN]
    return [*BEHIND[stands]]


def _mean_days(along: float) -> float:
    return MEAN_DAYS_FIRST * (MEAN_DAYS_LAST / MEAN_DAYS_FIRST) ** along


def is_slow(length: timedelta, along: float) -> bool:
    """Whether a case takes clearly longer than is usual at its time."""
    return length > timedelta(days=SLOW_SHARE * _mean_days(along))


def handling_time(draw: Draw, along: float) -> timedelta:
    """Lognormal about a mean that falls from seven days to one (Box-Muller, from two draws)."""
    mean = _mean_days(along)
    normal = math.sqrt(-2 * math.log(1 - draw())) * math.cos(2 * math.pi * draw())
    return timedelta(days=math.exp(math.log(mean) - SPREAD**2 / 2 + SPREAD * normal))


def length_of(draw: Draw, stands: Status | None, at: datetime, now: datetime, *, late: bool) -> timedelta:
    """From the report to the last act that the case has behind it."""
    age = now - at
    if stands is None:
        return min(handling_time(draw, progress(at, now)), age * 0.6)
    if stands == Status.settled:
        return min(handling_time(draw, progress(at, now)), age * 0.85)
    if stands == Status.dispatched:
        minutes = 125 + 60 * draw() if late else 4 + 100 * draw()
        return max(age - timedelta(minutes=minutes), age * 0.2)
    return age * (0.1 + 0.6 * draw())


def moments(draw: Draw, acts: list[str], at: datetime, length: timedelta) -> list[datetime]:
    """When each act happens: in order, the last one `length` after the report."""
    lengths = [LENGTHS[act] * (0.4 + 1.2 * draw()) for act in acts if act in LENGTHS]
    total, passed, times = sum(lengths) or 1.0, 0.0, []
    for stretch in lengths:
        passed += stretch
        times.append(at + length * (passed / total))
    return times
