"""The shortest path of moves from a case's status here to its status in another system."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from imports.standing import HELD_BY_ORGANISATION, Standing
from rules.cases import AT_WORK, CLOSED, DONE, Status
from rules.moves import MOVES

# What an import may do; of ways of one length that with the earlier moves is taken.
FORWARD = ("accept", "assess", "dispatch", "sign", "start", "pause", "resume", "settle", "visit", "archive", "reject")
MADE = (*FORWARD, "merge", "withdraw", "transfer", "recall", "return", "reopen")
BACKWARD = frozenset({"transfer", "recall", "return", "reopen"})
# Where the case is after a move, if it changes hands: with its centre, or with the organisation that the file names.
HANDS = {"dispatch": "new", "transfer": "new", "recall": "centre", "return": "centre", "reopen": "centre"}
BY_ORGANISATION = frozenset({"sign", "start", "pause", "resume", "settle", "return"})
DONE_ORDER = (Status.settled, Status.visited, Status.archived)


@dataclass(frozen=True)
class Step:
    """A move with its time; `told`: the time is from a file."""

    move: str
    at: datetime
    told: bool


def find_way(status: Status, target: Status, *, same_organisation: bool) -> tuple[str, ...] | None:
    """The moves from one status to another; () when there is nothing to do, None when no moves lead there.

    `same_organisation`: the file names the organisation that has the case (or none). A case that is done is not handed to
    another one, and what the file has less far in its filing stays as it is here.
    """
    if status == target and (same_organisation or status not in AT_WORK):
        return ()
    if status in CLOSED and target in CLOSED - {Status.archived}:
        return None if status == Status.archived else ()
    if status in DONE and target in DONE and DONE_ORDER.index(target) < DONE_ORDER.index(status):
        return None
    way = _search(status, target, same_organisation)
    if way is None and target in (Status.rejected, Status.merged) and status in MOVES["withdraw"].sources:
        return ("withdraw",)
    return way


def _search(status: Status, target: Status, same_organisation: bool) -> tuple[str, ...] | None:
    """Breadth first. A state is a status and in whose hands the case is: the centre's, the old or the new organisation's."""
    start = (
        status,
        "centre" if status not in HELD_BY_ORGANISATION else "new" if same_organisation or status in DONE else "old",
    )
    ways: dict[tuple[Status, str], tuple[str, ...]] = {start: ()}
    queue = deque([start])
    while queue:
        state = queue.popleft()
        if state[0] == target and state[1] != "old":
            return ways[state]
        for name in MADE:
            after = _after(state, name)
            if after is not None and after not in ways:
                ways[after] = (*ways[state], name)
                queue.append(after)
    return None


def _after(state: tuple[Status, str], name: str) -> tuple[Status, str] | None:
    move = MOVES[name]
    if name == "withdraw" or state[0] not in move.sources or (name == "transfer" and state[1] == "new"):
        return None
    return move.target or state[0], HANDS.get(name, state[1])


def with_times(way: tuple[str, ...], standing: Standing, now: datetime) -> tuple[Step, ...]:
    """Each move at the time that the file states. One whose time it does not tell happened before the next that it tells,
    or was found at `now`."""
    stated = {step: at for step, at in standing.course if step not in standing.untold}
    end = standing.closed_at
    stated |= {"withdraw": end} if end is not None else {}
    steps: list[Step] = []
    later = now
    for move in reversed(way):
        later = min(stated.get(move, later), now)
        steps.append(Step(move, later, move in stated))
    return tuple(reversed(steps))
