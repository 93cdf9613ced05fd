"""The auditor's page: search in the access log, a running verification, its certificate."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode
from zoneinfo import ZoneInfo

from dash import Dash, Input, Output, State, ctx

from callbacks.reading import off_loop, seen
from dashboard import ids
from dashboard.current_viewer import current_address
from dashboard.pages import audit, certificate
from dashboard.pages.audit import Search
from dashboard.panels import states
from dashboard.view_models import Reader
from dashboard.words.texts import LOCALES, text
from data.audit import verification_runs
from data.audit.anchor_checks import Expected
from data.queries import access_log, areas, deployment
from data.queries.access_log import AccessFilter
from rules.access import Act, Viewer, may
from rules.errors import Problem
from rules.numbers import digits

if TYPE_CHECKING:
    from data.database import Connection
    from data.services import Services

SHOWN = 50
#: Areas to choose from: those of the first levels, as many as a list can hold.
LEVELS_CHOSEN, MOST_AREAS = 3, 300


def register(app: Dash, services: Services) -> None:
    @app.callback(Output(ids.AUDIT_BOX, "children"), Input(ids.AUDIT_QUERY, "data"))
    async def show_audit(query: str | None) -> Any:
        return await off_loop(audit_of, services, query or "")

    @app.callback(
        Output(ids.VERIFY_BOX, "children"),
        Output(ids.VERIFY_RUN, "data"),
        Output(ids.VERIFY_TICK, "disabled"),
        Output(ids.VERIFY_BEGIN, "disabled"),
        Input(ids.VERIFY_BEGIN, "n_clicks"),
        Input(ids.VERIFY_TICK, "n_intervals"),
        State(ids.VERIFY_RUN, "data"),
        prevent_initial_call=True,
    )
    async def verify(_clicks: int | None, _ticks: int | None, number: int | None) -> Any:
        begun = ctx.triggered_id == ids.VERIFY_BEGIN
        return await off_loop(verification_of, services, None if begun else number)


def audit_of(services: Services, query: str) -> Any:
    """What an address asks for: a page of the search, or a certificate."""
    given = {name: values[0][:64] for name, values in parse_qs(query.removeprefix("?")).items()}

    def draw(viewer: Viewer, reader: Reader) -> Any:
        _check(viewer)
        if "certificate" in given:
            return certificate_of(services, viewer, reader, given["certificate"])
        with services.database.reading(viewer) as connection:
            return searched(connection, viewer, reader, given)

    return seen(services, draw, _instead)


def searched(connection: Connection, viewer: Viewer, reader: Reader, given: dict[str, str]) -> list:
    """The form with what it found, or with what is wrong in it."""
    fields = {name: given.get(name, "") for name in audit.FIELDS}
    search = Search(fields, choosable(connection, viewer))
    try:
        wanted = asked(fields, reader.zone)
        before = _number(given.get("before"))
        page = access_log.page(connection, wanted, limit=SHOWN, before=before, locale=reader.locale)
    except Problem as problem:
        if problem.code not in ("invalid", "not_found"):
            raise
        field = str(problem.values.get("field", "area"))
        field = field if field in audit.FIELDS else "to"
        words = text("audit.wrong", reader.locale, field=text(f"audit.field.{field}", reader.locale))
        return audit.not_searched(search, words, reader)
    search = Search(fields, search.areas, export=f"/api/audit/export.csv?{urlencode(_exported(wanted))}")
    return audit.found(search, page, reader, first=before is None)


def asked(fields: dict[str, str], zone: str) -> AccessFilter:
    """The filter that the form's fields mean; days are the deployment's, the last one included. Raises Problem invalid."""
    since, until = (_day(fields, name, zone) for name in ("from", "to"))
    return AccessFilter(
        who=fields["who"].strip() or None,
        what=fields["what"] or None,
        outcome=fields["outcome"] or None,
        case_no=fields["case_no"].strip() or None,
        area=fields["area"] or None,
        since=since,
        until=until and until + timedelta(days=1),
    )


def _day(fields: dict[str, str], name: str, zone: str) -> datetime | None:
    if not fields[name]:
        return None
    try:
        return datetime.strptime(fields[name], "%Y-%m-%d").replace(tzinfo=ZoneInfo(zone))
    except (ValueError, OverflowError) as error:
        raise Problem("invalid", field=name, value="") from error


def _number(said: str | None) -> int | None:
    return digits(said or "")


def _exported(wanted: AccessFilter) -> dict[str, str]:
    names = {"since": "from", "until": "to"}
    return {
        names.get(name, name): value.isoformat() if isinstance(value, datetime) else str(value)
        for name, value in vars(wanted).items()
        if value is not None
    }


def choosable(connection: Connection, viewer: Viewer) -> list[tuple[str, str, int]]:
    """The areas of the viewer's first levels: code, name, and how deep below the viewer's own."""
    return areas.outline(connection, viewer.area_code, levels=LEVELS_CHOSEN, limit=MOST_AREAS, locale=viewer.locale or "zh_CN")


def certificate_of(services: Services, viewer: Viewer, reader: Reader, said: str) -> Any:
    number = _number(said)
    with services.database.reading(viewer) as connection:
        entry = access_log.find(connection, number or 0, locale=reader.locale)
        names = {locale: str(deployment.facts(connection, locale=locale)["name"]) for locale in LOCALES}
    if entry["act"] != "verify":
        raise Problem("not_found")
    return certificate.certificate(entry, names, reader)


def verification_of(services: Services, number: int | None) -> tuple:
    """Begin a verification (None), or say how far one is: what is shown, its number, whether to stop asking, whether
    another may begin not yet."""

    def draw(viewer: Viewer, reader: Reader) -> tuple:
        _check(viewer)
        folder, address = services.settings.work.anchor_dir, current_address.get()
        still = services.settings.deployment.now is not None
        expected = Expected(None if still else services.clock.now(), daily=services.settings.work.scheduler)
        begun = number or verification_runs.start(
            services.database, viewer, folder=folder, address=address, expected=expected
        )
        progress = verification_runs.progress(services.database, viewer, begun)
        if progress.failed:
            return audit.verification_failed(reader.locale), None, True, False
        if progress.result is None:
            return audit.progress(progress.read, progress.total, reader.locale), begun, False, True
        with services.database.reading(viewer) as connection:
            entry = access_log.find(connection, progress.result, locale=reader.locale)
        return audit.verified(entry, reader.locale), None, True, False

    return seen(services, draw, lambda locale, problem: (_instead(locale, problem), None, True, False))


def _check(viewer: Viewer) -> None:
    if not may(viewer.role, Act.verify_trace):
        raise Problem("forbidden")


def _instead(locale: str, problem: Problem) -> Any:
    panel = {"forbidden": states.forbidden, "not_found": states.not_found}.get(problem.code, states.failed)
    return panel(locale)
