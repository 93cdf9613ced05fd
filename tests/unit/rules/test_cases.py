"""The named sets: every standing is counted where it belongs, once."""

from __future__ import annotations

from rules.cases import AT_WORK, CLOSED, DONE, OPEN, STAGE_OF, STATUS_SETS, WAITING, Stage, Status


def test_open_is_everything_that_is_not_closed():
    assert set(CLOSED) == {"archived", "rejected", "merged"}
    assert set(OPEN) == set(Status) - CLOSED
    assert set(WAITING) == {"waiting"}
    assert set(AT_WORK) == {"dispatched", "signed", "handling", "paused"}
    assert set(DONE) == {"settled", "visited", "archived"}
    assert set(STATUS_SETS) == {"open", "waiting", "at_work", "done"}


def test_waiting_at_work_and_done_never_share_a_case():
    assert not WAITING & AT_WORK and not AT_WORK & DONE and not WAITING & DONE


def test_every_status_stands_in_a_stage_and_filing_does_not_claim_support():
    assert set(STAGE_OF) == set(Status)
    assert STAGE_OF[Status.archived] == Stage.file == 5
    steps = [STAGE_OF[Status(name)] for name in ("reported", "accepted", "waiting", "signed", "settled", "archived")]
    assert steps == sorted(steps)
