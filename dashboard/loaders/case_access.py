"""Readings of a case by a page, for the access log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.current_viewer import current_address
from data.audit import access_log
from data.audit.access_log import Actor
from data.services import Services
from rules.access import Viewer
from rules.access_log import Access, Outcome, Via
from rules.errors import Problem

#: How a case answers that is not there for this viewer.
REFUSED = ("not_found", "forbidden")


@contextmanager
def noted(services: Services, viewer: Viewer, case_no: str, via: Via) -> Iterator[None]:
    """Note that the case was read within, or that it was refused."""
    by = Actor(viewer, via, current_address.get())
    try:
        yield
    except Problem as problem:
        if problem.code in REFUSED:
            refused = access_log.entry(Access.case_read, by, outcome=Outcome.refused, case_no=case_no, object="case")
            services.access.note(refused)
        raise
    services.access.note(access_log.entry(Access.case_read, by, case_no=case_no, object="case"))
