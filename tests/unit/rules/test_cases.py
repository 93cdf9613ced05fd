"""The named sets: every standing is counted where it belongs, once."""

from __future__ import annotations

from rules.cases import AT_WORK, CLOSED, DONE, OPEN, STAGE_OF, STATUS_SETS, TO_FILE, UNCLOSED, WAITING, Stage, Status
from rules.sla import STEPS_OF


def test_open_ends_with_the_settlement_and_to_file_with_the_archive():
    assert set(CLOSED) == {"archived", "rejected", "merged"}
    assert set(TO_FILE) == {"settled", "visited"}
    assert OPEN | TO_FILE == UNCLOSED == set(Status) - CLOSED
    assert not OPEN & DONE
    assert set(WAITING) == {"waiting"}
    assert set(AT_WORK) == {"dispatched", "signed", "handling", "paused"}
    assert set(DONE) == {"settled", "visited", "archived"}
    assert set(STATUS_SETS) == {"open", "waiting", "at_work", "to_file", "done"}


def test_waiting_at_work_and_done_never_share_a_case():
    assert not WAITING & AT_WORK and not AT_WORK & DONE and not WAITING & DONE


def test_a_clock_runs_for_open_cases_only():
    assert set(STEPS_OF) == OPEN - {Status.paused}


def test_every_status_stands_in_a_stage_and_filing_does_not_claim_support():
    assert set(STAGE_OF) == set(Status)
    assert STAGE_OF[Status.archived] == Stage.file == 5
    steps = [STAGE_OF[Status(name)] for name in ("reported", "accepted", "waiting", "signed", "settled", "archived")]
    assert steps == sorted(steps)
