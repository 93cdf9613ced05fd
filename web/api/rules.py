"""The rule of the tiers: versions, publishing, trying; a person's override of a grid's tier."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from dashboard.loaders.rules import read_options
from dashboard.words.backtests import backtest_words
from dashboard.words.rule_changes import changes
from data.commands import tier_publishing
from data.queries import tier_backtests, tier_rules
from rules.access import Act
from rules.numbers import MAX_INT
from web.dependencies import AreaCode, ServicesDep, ViewerDep, as_json, as_list, needs
from web.schemas.rules import (
    Backtest,
    BacktestForm,
    OverrideForm,
    Preview,
    PreviewForm,
    Published,
    RuleDocument,
    RuleForm,
    RuleVersions,
)

router = APIRouter(prefix="/api", tags=["tiers"])
Version = Annotated[int, Path(ge=1, le=MAX_INT)]


@router.get("/rules", response_model=RuleVersions, dependencies=[needs(Act.see_rules)])
def rules(services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """The versions of the rule, newest first; the first of them is in force. `reason` is `default` or `calibrated` where the
    program made the version itself."""
    return as_list(tier_rules.versions(services.database, viewer))


@router.get("/rules/{version}", response_model=RuleDocument, dependencies=[needs(Act.see_rules)])
def rule(version: Version, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """One version with its document."""
    return tier_rules.version(services.database, viewer, version)


@router.post("/rules", response_model=Published, status_code=201, dependencies=[needs(Act.edit_rules)])
def publish(form: RuleForm, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """A new version, in force at once; `changed` grids get another tier by it."""
    return tier_publishing.publish(services.database, viewer, form.rule, form.reason, now=services.clock.now())


@router.post("/rules/preview", response_model=Preview, dependencies=[needs(Act.try_rules)])
def preview(form: PreviewForm, request: Request, services: ServicesDep, viewer: ViewerDep) -> Response:
    """What a rule would make of the grids of an area, without setting it; `changes` says what differs from the rule in force.
    `columns: "tier"` leaves the codes out for who has them: they stand in the same order."""
    worlds: tier_rules.TierWorlds = request.app.state.tier_worlds
    answer, tried = tier_rules.preview(
        worlds,
        viewer,
        form.rule,
        form.area or viewer.area_code,
        now=services.clock.now(),
        with_codes=form.columns is None,
    )
    names = read_options(services, viewer).names
    return as_json(answer | {"changes": changes(tried.before.rule, tried.rule, viewer.locale, names)})


@router.post("/rules/backtest", response_model=Backtest, dependencies=[needs(Act.try_rules)])
def backtest(form: BacktestForm, request: Request, services: ServicesDep, viewer: ViewerDep) -> Response:
    """The share of each past quarter's disputes that fell into the grids which the rule made key or watch at its start, with
    what was known then, against the rule in force then, the tiers of a quarter before, last quarter's counts, and chance.
    Null where there are too few cases to tell; `text` says it in words."""
    worlds: tier_rules.TierWorlds = request.app.state.tier_worlds
    answer, rule = tier_backtests.backtest(worlds, viewer, form.rule, now=services.clock.now())
    return as_json(answer | {"text": backtest_words(answer, rule, viewer.locale)})


@router.put("/areas/{code}/override", status_code=204, dependencies=[needs(Act.override_tier)])
def override(code: AreaCode, form: OverrideForm, services: ServicesDep, viewer: ViewerDep) -> Response:
    """A person's tier for a grid, with a reason, until a moment."""
    tier_publishing.override(
        services.database, viewer, code, tier=form.tier, reason=form.reason, until=form.until, now=services.clock.now()
    )
    return Response(status_code=204)


@router.delete("/areas/{code}/override", status_code=204, dependencies=[needs(Act.override_tier)])
def end_override(code: AreaCode, services: ServicesDep, viewer: ViewerDep) -> Response:
    """The rule decides again."""
    tier_publishing.end_override(services.database, viewer, code, now=services.clock.now())
    return Response(status_code=204)
