"""Pages of an admin: undelivered messages and their routes, switches of the automatic dispatch.

One callback a page does what was pressed and draws the page again from the database. It says nothing about a button
that was only drawn: that has no clicks yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NotRequired

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from pydantic import ConfigDict
from typing_extensions import TypedDict

from callbacks.reading import off_loop, seen
from dashboard import ids
from dashboard.current_viewer import current_address
from dashboard.pages import messages
from dashboard.panels import states
from dashboard.view_models import Reader
from dashboard.words.problems import detail_of
from dashboard.words.texts import known_locale, text
from data import calendar_changes
from data.audit.access_log import Actor
from data.commands import automatic, message_routes
from data.commands import outbox as outbox_commands
from data.queries import outbox
from data.services import SENDERS_CLOCK
from rules.access import Act, Viewer, may
from rules.access_log import Via
from rules.errors import Problem
from rules.numbers import digits

if TYPE_CHECKING:
    from data.database import Connection
    from data.services import Services

#: How often each of some buttons was pressed since it was drawn.
Clicks = list[int | None]


class View(TypedDict, total=False):
    """Which deliveries a page shows: their state, and the one that it begins after."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]
    state: Literal["dead", "waiting", "sent"]
    before: int | None


@dataclass(frozen=True)
class Press:
    """A button that was pressed: what it does and to what, how often since it was drawn, and what was typed for it."""

    act: str
    key: str
    times: int
    typed: str = ""


class Told(TypedDict):
    """A toast, and the elements of which the first that is there gets the focus."""

    words: NotRequired[str]
    bad: NotRequired[bool]
    focus: NotRequired[list[str]]


Work = Callable[["Services", Viewer, Press], str]
#: A table that a browser draws at once.
SHOWN = 50
#: What is wrong with what was typed: it is left there to be mended.
TYPED = ("reason_required", "invalid", "personal_data", "hidden_letters")


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.MESSAGES_BOX, "children"),
        Output(ids.MESSAGES_VIEW, "data"),
        Output(ids.MESSAGES_TOLD, "data"),
        Input(ids.press("messages-state", ALL), "n_clicks"),
        Input(ids.press("messages-older", ALL), "n_clicks"),
        Input(ids.press("send-again", ALL), "n_clicks"),
        Input(ids.press("send-all-again", ALL), "n_clicks"),
        Input(ids.press("pause-route", ALL), "n_clicks"),
        Input(ids.press("resume-route", ALL), "submit_n_clicks"),
        State(ids.pause_reason(ALL), "value"),
        State(ids.MESSAGES_VIEW, "data"),
    )
    async def show_messages(
        _states: Clicks, _older: Clicks, _again: Clicks, _all: Clicks, _pauses: Clicks, _resumes: Clicks,
        _reasons: list[str | None], view: View | None,
    ) -> Any:  # fmt: skip
        return await off_loop(messages_of, services, view, pressed())

    @app.callback(
        Output(ids.AUTOMATIC_BOX, "children"),
        Output(ids.AUTOMATIC_TOLD, "data"),
        Input(ids.press("automatic-off", ALL), "n_clicks"),
        Input(ids.press("automatic-on", ALL), "submit_n_clicks"),
    )
    async def show_automatic(_off: Clicks, _on: Clicks) -> Any:
        return await off_loop(automatic_of, services, pressed())

    for told in (ids.MESSAGES_TOLD, ids.AUTOMATIC_TOLD):
        app.clientside_callback(ClientsideFunction("gridboard", "told"), Input(told, "data"))


def pressed() -> Press | None:
    """The button that was pressed; None when the page is drawn first, or buttons are drawn anew."""
    identity = ctx.triggered_id
    if not identity:
        return None
    # not ctx.triggered: Dash finds no value there for a key with letters beyond ASCII
    clicks = next(one.get("value") for matched in ctx.inputs_list for one in matched if one["id"] == identity)
    fields = ctx.states_list[0] if ctx.states_list else []
    typed = next((one.get("value") for one in fields if one["id"]["key"] == identity["key"]), None)
    return Press(identity["type"], identity["key"], clicks, typed or "") if clicks else None


def messages_of(services: Services, view: View | None = None, press: Press | None = None) -> tuple:
    """The deliveries to show, which those are, and what is told about the press."""

    def draw(viewer: Viewer, reader: Reader) -> tuple:
        _check(viewer, Act.manage_messages)
        told = _told(press, MESSAGE_ACTS, services, viewer)
        if told and told.get("focus"):
            return no_update, no_update, told
        shown = viewed(view or {}, press)
        drawn = _deliveries(services, viewer, reader, shown)
        return drawn, shown, _after(press, told, ids.press("messages-state", shown["state"]))

    def instead(locale: str, problem: Problem) -> tuple:
        return _instead(locale, problem), no_update, _refusal(problem, locale) if press else no_update

    return seen(services, draw, instead)


def _deliveries(services: Services, viewer: Viewer, reader: Reader, shown: View) -> list:
    routes = message_routes.listed(services.database, viewer)
    with services.database.reading(viewer) as connection:
        change = calendar_changes.pending(connection)
        page = _page(connection, shown, reader.locale)
        counts = outbox.counts(connection)
    return messages.deliveries(shown["state"], page, counts, reader, routes=routes, calendar=change)


def _page(connection: Connection, shown: View, locale: str) -> dict[str, Any]:
    """The first page where there is nothing older any more."""
    before, state = digits(str(shown["before"] or "")), shown["state"]
    page = outbox.page(connection, state=state, limit=SHOWN, before=before, locale=locale)
    if page["items"] or before is None:
        return page
    shown["before"] = None
    return outbox.page(connection, state=state, limit=SHOWN, before=None, locale=locale)


def viewed(view: View, press: Press | None) -> View:
    """What is shown after a press: another state, or what is older; else the same as before. The dead ones at first."""
    shown = View(state=view.get("state", "dead"), before=view.get("before"))
    if press and press.act == "messages-state" and press.key in messages.STATES:
        return View(state=press.key, before=None)  # type: ignore[typeddict-item]
    if press and press.act == "messages-older":
        return View(state=shown["state"], before=digits(press.key))
    return shown


def automatic_of(services: Services, press: Press | None = None) -> tuple:
    """Every category with its switch, and what is told about the press."""

    def draw(viewer: Viewer, reader: Reader) -> tuple:
        told = _told(press, AUTOMATIC_ACTS, services, viewer)
        drawn = messages.switches(automatic.switched(services.database, viewer), reader)
        places = [ids.press(act, press.key) for act in ("automatic-off", "automatic-ask")] if press else []
        return drawn, _after(press, told, *places)

    def instead(locale: str, problem: Problem) -> tuple:
        return _instead(locale, problem), _refusal(problem, locale) if press else no_update

    return seen(services, draw, instead)


def _told(press: Press | None, acts: Mapping[str, Work], services: Services, viewer: Viewer) -> Told | None:
    """Does what was pressed and says how it went; None where nothing is changed by it."""
    if press is None or press.act not in acts:
        return None
    locale = known_locale(viewer.locale)
    try:
        return Told(words=text(acts[press.act](services, viewer, press), locale))
    except Problem as problem:
        told = _refusal(problem, locale)
        return _after(press, told, ids.pause_reason(press.key)) if problem.code in TYPED else told


def _after(press: Press | None, told: Told | None, *places: dict[str, Any]) -> Told | Any:
    """What is told after a press, and the first of these places that is there: Dash makes every button anew, so that the
    focus would be lost."""
    return no_update if press is None else Told(**(told or {}), focus=[ids.in_document(place) for place in places])


def _refusal(problem: Problem, locale: str) -> Told:
    return Told(words=detail_of(problem, locale), bad=True)


def _send_again(services: Services, viewer: Viewer, press: Press) -> str:
    number = digits(press.key)
    if number is None:
        raise Problem("not_found")
    try:
        _send(services, viewer, number)
    except Problem as problem:
        # the second press of a double click finds what the first one has sent
        if problem.code != "not_found" or press.times == 1:
            raise
    return "messages.sent-again"


def _send_all_again(services: Services, viewer: Viewer, _press: Press) -> str:
    _send(services, viewer, None)
    return "messages.sent-again"


def _send(services: Services, viewer: Viewer, delivery: int | None) -> None:
    by = Actor(viewer, Via.page, current_address.get())
    with services.database.writing(viewer) as connection:
        outbox_commands.send_again(connection, delivery, services.clock.now(), by=by)


def _pause_route(services: Services, viewer: Viewer, press: Press) -> str:
    now, address = SENDERS_CLOCK.now(), current_address.get()
    message_routes.pause(
        services.database, viewer, press.key, reason=press.typed, now=now, via=Via.page, address=address
    )
    return "routes.paused"


def _resume_route(services: Services, viewer: Viewer, press: Press) -> str:
    now, address = SENDERS_CLOCK.now(), current_address.get()
    message_routes.resume(services.database, viewer, press.key, now=now, via=Via.page, address=address)
    return "routes.resumed"


def _switch(services: Services, viewer: Viewer, press: Press) -> str:
    on, now, address = press.act == "automatic-on", services.clock.now(), current_address.get()
    automatic.switch(
        services.database, viewer=viewer, category=press.key, on=on, now=now, via=Via.page, address=address
    )
    return "automatic.switched.on" if on else "automatic.switched.off"


MESSAGE_ACTS: dict[str, Work] = {
    "send-again": _send_again,
    "send-all-again": _send_all_again,
    "pause-route": _pause_route,
    "resume-route": _resume_route,
}
AUTOMATIC_ACTS: dict[str, Work] = {"automatic-on": _switch, "automatic-off": _switch}


def _check(viewer: Viewer, act: Act) -> None:
    if not may(viewer.role, act):
        raise Problem("forbidden")


def _instead(locale: str, problem: Problem) -> Any:
    return states.forbidden(locale) if problem.code == "forbidden" else states.failed(locale)
