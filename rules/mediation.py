"""Codes for mediation attempts, visits and supervisions, so that no person is named."""

from __future__ import annotations

from enum import StrEnum


class Method(StrEnum):
    """How it was mediated (人民调解法 and the kinds of the large mediation pattern 大调解)."""

    on_site = "on_site"
    negotiation = "negotiation"
    people = "people"
    administrative = "administrative"
    professional = "professional"
    judicial = "judicial"
    joint = "joint"


class Attendee(StrEnum):
    """Who took part, by role only."""

    all_parties = "all_parties"
    one_party = "one_party"
    relatives = "relatives"
    mediator = "mediator"
    grid_worker = "grid_worker"
    village_committee = "village_committee"
    department = "department"
    police = "police"
    lawyer = "lawyer"
    judge = "judge"
    interpreter = "interpreter"


class Outcome(StrEnum):
    success = "success"
    failure = "failure"


class Agreement(StrEnum):
    """What was agreed in the end; `confirmed`: confirmed by a court (司法确认)."""

    none = "none"
    oral = "oral"
    written = "written"
    confirmed = "confirmed"


class Supervision(StrEnum):
    """Letter 提示函, interview 约谈, listed supervision 挂牌督办."""

    letter = "letter"
    interview = "interview"
    listing = "listing"


SATISFACTION = range(1, 6)
