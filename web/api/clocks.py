"""The SLA policy in full, so that anybody can compute a deadline again, and the running timers of a case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import APIRouter

from data.queries import cases
from rules.access import Act
from rules.cases import Kind, Severity
from rules.effects import timers_of
from rules.sla import Limits, SlaPolicy, Step, used_share
from web.dependencies import CaseNo, ServicesDep, ViewerDep, as_list, needs
from web.schemas.clocks import ClockTable, RunList

router = APIRouter(prefix="/api", tags=["clocks"])


@router.get("/clocks", response_model=ClockTable)
def clocks(services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """The limits in force by step, kind and severity, the working calendar, and the shares at which reminders are sent."""
    sla = services.sla
    return {
        "limits": [row for step in Step for row in _rows(step, sla)],
        "shares": {"warn": sla.warn, "leader": sla.leader, "above": sla.above},
        "calendar": _calendar(sla, services.clock.now().year),
    }


def _rows(step: Step, sla: SlaPolicy) -> list[dict[str, Any]]:
    general: Limits = getattr(sla, step.value)
    rows = [_row(step, None, general)]
    return rows + [_row(step, kind, sla.by_kind[step, kind]) for kind in Kind if (step, kind) in sla.by_kind]


def _row(step: Step, kind: Kind | None, limits: Limits) -> dict[str, Any]:
    amounts = {one.value: int(limits.of(one).amount.total_seconds()) for one in Severity}
    basis = {one.value: limits.of(one).basis for one in Severity}
    return {"step": step, "kind": kind, "seconds": amounts, "basis": basis}


def _calendar(sla: SlaPolicy, year: int) -> dict[str, Any]:
    """Days of the years around now: those before are needed for cases that still run."""
    calendar, years = sla.calendar, range(year - 1, year + 2)
    return {
        "timezone": str(calendar.zone),
        "weekend": sorted(day + 1 for day in calendar.weekend),
        "days_off": sorted(day for day in calendar.days_off if day.year in years),
        "work_days": sorted(day for day in calendar.work_days if day.year in years),
        "office": list(calendar.office_hours),
    }


@router.get("/cases/{no}/clocks", response_model=RunList, dependencies=[needs(Act.see_cases)])
def case_clocks(no: CaseNo, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """The clocks that run for a case, the first to end at the head; none while it is paused, settled or closed."""
    now = services.clock.now()
    with services.database.reading(viewer) as connection:
        case = cases.facts(cases.row(connection, no))
    return as_list(
        [
            {
                "step": timer.step,
                "basis": timer.basis,
                "started_at": timer.started,
                "due_at": timer.due,
                "used_share": round(used_share(timer, now, services.sla), 4),
                "left_s": int((timer.due - now) / timedelta(seconds=1)),
            }
            for timer in timers_of(case, services.sla)
        ]
    )
