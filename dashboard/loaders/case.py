"""One case with its trace, its place and its candidates, as one viewer may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dashboard.loaders.recommendations import candidates, nobody
from dashboard.view_models import AreaStep, CaseView, Choice, ReminderEntry, TraceEntry
from data.queries import areas, cases, organisations, past
from data.queries.categories import result_phrases
from data.queries.organisations import Candidate
from data.queries.recommendations import advise
from data.services import Services
from rules.access import Act, Viewer, may, require
from rules.cases import STAGE_OF, Status
from rules.facts import CaseFacts
from rules.ranking import rank
from rules.sla import Step, clock_of
from rules.stages import Stage, longest_stage, times_known

NAMED = ("co_handler", "to")


def read_case(services: Services, viewer: Viewer, case_no: str, *, as_of: datetime | None = None) -> CaseView:
    """The case of that number; at a past moment with its trace until then, and no move to make. Raises Problem not_found,
    forbidden, invalid, unavailable."""
    require(viewer, Act.see_cases)
    present, locale = services.clock.now(), viewer.locale
    now = as_of or present
    with past.reading(services.database, viewer, as_of=as_of, now=present) as connection:
        row = cases.row(connection, case_no, locale=locale)
        shape = cases.present(connection, row, now, viewer)
        if as_of is not None:
            shape["moves"] = []
        trace, reminders = _told(connection, case_no, viewer, until=as_of)
        steps = areas.ancestors(connection, shape["area"], locale=locale)
        leaf = areas.key(connection, shape["area"]).leaf
        phrases = result_phrases(connection, row["category"], locale=locale) if "settle" in shape["moves"] else ()
        names = organisations.names(connection, _named(trace), locale=locale)
        facts = cases.facts(row)
        offered, centres = organisations.named_by_moves(connection, row, shape["moves"], now=now, locale=locale)
        advice = advise(connection, case_no, viewer, now) if "dispatch" in shape["moves"] else None
    targets = _targets(facts, offered, centres)
    shown = may(viewer.role, Act.see_case_text)
    return CaseView(
        case_no=case_no,
        kind=shape["kind"],
        category=shape["category_name"],
        title=shape["title"],
        description=(shape["description"] or "") if shown else "",
        text_hidden=not shown,
        severity=shape["severity"],
        source=shape["source"],
        status=shape["status"],
        stage=shape["stage"],
        place=" › ".join(_place(steps)),
        area=shape["area"],
        holder=(shape["holder"] or {}).get("name") or "",
        version=shape["version"],
        reported_at=shape["reported_at"],
        status_since=shape["status_since"],
        due_at=shape["due_at"],
        clock=shape["clock"],
        closed_at=row["closed_at"],
        # a move to somebody leads nowhere where there is nobody
        moves=tuple(move for move in shape["moves"] if move not in targets or targets[move]),
        located=leaf,
        on_map=row["lon"] is not None,
        trace=tuple(_entry(event, names, known) for event, known in zip(trace, times_known(trace), strict=True)),
        candidates=candidates(advice, shape["category_name"]) if advice else (),
        nobody=nobody(advice) if advice else None,
        reminders=tuple(ReminderEntry(at=one["at"], step=one["step"], level=one["level"]) for one in reminders),
        path=tuple(AreaStep(code=step["code"], name=step["name"], level=step["level"]) for step in steps),
        targets=targets,
        paused_until=row["paused_until"],
        extension_until=row["extension_until"],
        settle_due_at=row["settle_due_at"],
        binding=row["binding"],
        needs=tuple(row["needs"]),
        phrases=phrases,
        lost_in=lost_stage(facts, trace, now),
    )


def _told(
    connection: Any, case_no: str, viewer: Viewer, *, until: datetime | None
) -> tuple[list[dict[str, Any]], list[Mapping[Any, Any]]]:
    """The trace and the reminders that this viewer may see, of a past moment those until then."""
    if not may(viewer.role, Act.see_events):
        return [], []
    trace = cases.events(connection, case_no, locale=viewer.locale)
    reminders: list[Mapping[Any, Any]] = list(cases.reminders(connection, case_no))
    if until is None:
        return trace, reminders
    return [one for one in trace if one["at"] <= until], [one for one in reminders if one["at"] <= until]


def lost_stage(case: CaseFacts, trace: Sequence[Mapping[str, Any]], now: datetime) -> Stage | None:
    """Where the most of the time of the clock that has passed went: of the one that runs, or of a late settlement."""
    started = {Step.dispatch: case.queued_at, Step.settle: case.settle_from}
    step, due, until = clock_of(case.status, case.due_at, case.settle_due_at), case.due_at, now
    if case.settled_at is not None:
        step, due, until = Step.settle, case.settle_due_at, case.settled_at
    if not trace or step is None or due is None or until <= due:
        return None
    moved = [(event["at"], Status(event["to_status"])) for event in trace]
    untold = [place for place, known in enumerate(times_known(trace)) if not known]
    return longest_stage(moved, started.get(step, case.status_since), until, untold)


def _targets(
    case: CaseFacts, offered: list[Candidate], centres: list[Candidate]
) -> dict[str, tuple[Choice, ...]]:
    """The organisations that the forms of the moves offer: for a transfer in the order of the recommendation."""
    names = {organisation.id: name for organisation, name in offered}
    ranked = [
        one.organisation_id
        for one in rank(case, [organisation for organisation, _ in offered])
        if one.organisation_id != case.holder_id
    ]
    helpers = [
        organisation.id
        for organisation, _ in offered
        if organisation.active and organisation.id not in (case.holder_id, *case.co_handlers)
    ]
    return {
        "transfer": tuple(Choice(number, names[number]) for number in ranked),
        "co_handle": tuple(Choice(number, names[number]) for number in helpers),
        "send_down": tuple(
            Choice(organisation.id, name) for organisation, name in centres if organisation.id not in case.left_by
        ),
    }


def _place(steps: list[dict]) -> list[str]:
    """The areas below the root, by name; the root itself when there is nothing below it."""
    return [step["name"] for step in steps[1:]] or [step["name"] for step in steps]


def _named(trace: list[dict]) -> set[int]:
    """The organisations that the details of a trace name by number."""
    return {event["details"][name] for event in trace for name in NAMED if name in event["details"]}


def _entry(event: dict, names: Mapping[int, str], time_known: bool) -> TraceEntry:
    source, target = event["from_organisation"] or {}, event["to_organisation"] or {}
    status = event["to_status"]
    return TraceEntry(
        at=event["at"],
        act=event["act"],
        role=event["by"]["role"] or "",
        organisation=event["by"]["organisation"] or "",
        from_organisation=source.get("name") or "",
        to_organisation=target.get("name") or "",
        to_status=status or "",
        reason=event["reason"] or "",
        version=event["version"],
        details={
            **event["details"],
            "named": next((names.get(event["details"][name], "") for name in NAMED if name in event["details"]), ""),
        },
        stage=int(STAGE_OF[Status(status)]) if status else 0,
        time_known=time_known,
    )
