"""Remarks on several cases at once: reminders, supervision, comments, with a preview."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from data.commands import batches
from rules.access import Act
from rules.facts import MoveRequest
from web.dependencies import IdempotencyKey, ServicesDep, ViewerDep, as_list, needs
from web.schemas.desk import BulkAnswer
from web.schemas.remarks import RemarkForm, RemarkPlanList, RemarkPreviewForm
from web.serializers import bulk_shape, plan_shape

router = APIRouter(prefix="/api/remarks", tags=["cases"], dependencies=[needs(Act.see_cases)])


@router.post("/preview", response_model=RemarkPlanList)
def preview(form: RemarkPreviewForm, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """On which of these cases the remark can be made, and who would hear of it, without making it."""
    with services.database.reading(viewer) as connection:
        plans = batches.plan_remarks(connection, viewer, form.cases, move=form.move, now=services.clock.now())
    return as_list([plan_shape(one, viewer.locale) for one in plans])


@router.post("", response_model=BulkAnswer)
def remark(form: RemarkForm, services: ServicesDep, viewer: ViewerDep, key: IdempotencyKey = None) -> dict[str, Any]:
    """Make one remark on each case, and report what became of each. Repeated with the same key it has one effect."""
    requests = [
        MoveRequest(case_no=one.case_no, move=form.move, version=one.version, reason=form.reason, form=form.form)
        for one in form.items
    ]
    results = batches.remark_all(
        services.database, viewer=viewer, requests=requests, key=key, clock=services.clock.now, sla=services.sla
    )
    return bulk_shape(results, viewer.locale)
