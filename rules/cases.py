"""Kinds, severities and statuses of a case, and the named sets of statuses that all counts use."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Kind(StrEnum):
    dispute = "dispute"
    incident = "incident"
    hazard = "hazard"
    request = "request"


class Severity(StrEnum):
    minor = "minor"
    major = "major"
    grave = "grave"


class Source(StrEnum):
    grid_worker = "grid_worker"
    resident = "resident"
    police_110 = "police_110"
    civil_affairs = "civil_affairs"
    court = "court"
    justice_office = "justice_office"
    hotline_12345 = "hotline_12345"
    inspection = "inspection"
    imported = "import"


class Status(StrEnum):
    reported = "reported"
    accepted = "accepted"
    waiting = "waiting"
    dispatched = "dispatched"
    signed = "signed"
    handling = "handling"
    paused = "paused"
    settled = "settled"
    visited = "visited"
    archived = "archived"
    rejected = "rejected"
    merged = "merged"


class Stage(IntEnum):
    """The six-step process. The sixth has no status: support may run on beside an archived case."""

    report = 1
    assess = 2
    dispatch = 3
    handle = 4
    file = 5
    support = 6


STAGE_OF: dict[Status, Stage] = {
    Status.reported: Stage.report,
    Status.accepted: Stage.assess,
    Status.waiting: Stage.dispatch,
    Status.dispatched: Stage.dispatch,
    Status.signed: Stage.handle,
    Status.handling: Stage.handle,
    Status.paused: Stage.handle,
    Status.settled: Stage.file,
    Status.visited: Stage.file,
    Status.archived: Stage.file,
    Status.rejected: Stage.file,
    Status.merged: Stage.file,
}

WAITING = frozenset({Status.waiting})
AT_WORK = frozenset({Status.dispatched, Status.signed, Status.handling, Status.paused})
# 未结: not settled yet. The load that every headline tells; only here a clock runs.
OPEN = frozenset({Status.reported, Status.accepted}) | WAITING | AT_WORK
# 待归档: settled, still to be visited and filed.
TO_FILE = frozenset({Status.settled, Status.visited})
CLOSED = frozenset({Status.archived, Status.rejected, Status.merged})
# What may still be commented, supervised or moved to another place. No number on a screen counts it.
UNCLOSED = OPEN | TO_FILE
DONE = TO_FILE | {Status.archived}

STATUS_SETS: dict[str, frozenset[Status]] = {
    "open": OPEN, "waiting": WAITING, "at_work": AT_WORK, "to_file": TO_FILE, "done": DONE,
}  # fmt: skip

# What a case may ask of its handler: a language of the prefecture, or a speciality (assumption: a list to extend).
SKILLS = (
    "lang_dai", "lang_hani", "lang_lahu", "lang_blang", "lang_yi", "lang_jino", "sign_language",
    "law", "labour", "medicine", "engineering", "finance", "land", "family", "minors",
)  # fmt: skip
