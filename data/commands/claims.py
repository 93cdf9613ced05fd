"""Claims on waiting cases: `next` never gives one case to two dispatchers, and claims are visible to all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import Connection, text

from data.database import Database
from data.queries import areas, viewers
from data.sql import load
from rules.access import Act, Viewer, may, scope_range
from rules.errors import Problem

#: How long a claim lasts unless the page renews it, in seconds of the database's clock.
CLAIM_SECONDS = 90
MOST_TURNS = 100


@dataclass(frozen=True)
class Wish:
    """What the next case has to be; `passed` are those that the dispatcher has just put aside."""

    area: str
    kind: str | None = None
    category: str | None = None
    severity: str | None = None
    passed: tuple[str, ...] = ()


def claim_next(database: Database, *, viewer: Viewer, tab: str, wish: Wish) -> str | None:
    """Claim the first free waiting case, in the order of the queue; its number, None when none is free.

    What the tab has in hand is let go, and given to it again only when there is nothing else. Raises Problem forbidden,
    not_found (area).
    """
    _check(viewer)
    own_lo, own_hi = scope_range(viewer)
    with database.writing(viewer) as connection:
        values = dict(
            areas.key(connection, wish.area).range(),
            kind=wish.kind, category=wish.category, severity=wish.severity, passed=list(wish.passed),
            own_lo=own_lo, own_hi=own_hi, user=viewer.user_id, tab=tab, seconds=CLAIM_SECONDS,
        )  # fmt: skip
        had = _let_go(connection, viewer, tab)
        number = _claimed(connection, dict(values, passed=[*wish.passed, *had]))
        return number or (_claimed(connection, values) if had else None)


def _claimed(connection: Connection, values: dict) -> str | None:
    for _ in range(MOST_TURNS):
        claim = connection.execute(load("claim_next"), values).one_or_none()
        if claim is None or claim.claimed:
            return None if claim is None else str(claim.case_no)
    raise Problem("conflict")


def claim(database: Database, *, viewer: Viewer, case_no: str, tab: str) -> dict:
    """Claim or renew; `since` and `until`. Raises Problem forbidden, not_found, move_not_allowed (it waits no more) and
    claimed (409), with who has it."""
    _check(viewer)
    with database.writing(viewer) as connection:
        row = connection.execute(
            text("SELECT status FROM cases WHERE case_no = :case_no"), {"case_no": case_no}
        ).one_or_none()
        if row is None:
            raise Problem("not_found")
        if row.status != "waiting":
            raise Problem("move_not_allowed", move="dispatch", status=row.status)
        values = {"case_no": case_no, "user": viewer.user_id, "tab": tab, "seconds": CLAIM_SECONDS}
        taken = connection.execute(load("claim_case"), values).one_or_none()
        if taken is not None:
            return {"case_no": case_no, "since": taken.since.astimezone(UTC), "until": taken.expires_at.astimezone(UTC)}
        holder = next((one for one in viewers.watchers_of(connection, case_no, viewer) if one["claimed"]), None)
    raise Problem("claimed", extra={"holder": holder})


def release(database: Database, *, viewer: Viewer, case_no: str) -> None:
    """Let a case go; what another has in hand stays so."""
    _check(viewer)
    with database.writing(viewer) as connection:
        connection.execute(
            text("DELETE FROM case_claim WHERE case_no = :case_no AND user_id = :user"),
            {"case_no": case_no, "user": viewer.user_id},
        )


def look_at(database: Database, *, viewer: Viewer, tab: str, case_no: str | None) -> None:
    """Tell which case this tab shows; None when it shows none. Raises Problem forbidden."""
    _check(viewer)
    with database.writing(viewer) as connection:
        if case_no:
            connection.execute(load("note_viewer"), {"user": viewer.user_id, "tab": tab, "case_no": case_no})
        else:
            connection.execute(
                text("DELETE FROM case_presence WHERE user_id = :user AND tab = :tab"),
                {"user": viewer.user_id, "tab": tab},
            )


def forget_old(database: Database) -> None:
    """Take away what ran out; nothing depends on it being done."""
    with database.owning() as connection:
        connection.execute(text("DELETE FROM case_claim WHERE expires_at < clock_timestamp() - interval '1 hour'"))
        connection.execute(text("DELETE FROM case_presence WHERE seen_at < clock_timestamp() - interval '1 hour'"))


def _let_go(connection: Connection, viewer: Viewer, tab: str) -> list[str]:
    """The cases that the tab had in hand, by number."""
    gone = connection.execute(
        text("DELETE FROM case_claim WHERE user_id = :user AND tab = :tab RETURNING case_no"),
        {"user": viewer.user_id, "tab": tab},
    )
    return list(gone.scalars())


def _check(viewer: Viewer) -> None:
    if not may(viewer.role, Act.assign) or viewer.user_id is None:
        raise Problem("forbidden")
