"""/audit, for auditors: both chains verified, the access log searched page by page, exported, its entries in words.

The search is a plain form: its fields are the address, so that the back button and a shared link work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.pages import frame
from dashboard.panels import states
from dashboard.view_models import Reader
from dashboard.words import access_entries
from dashboard.words.formats import count, instant
from dashboard.words.texts import text
from rules.access_log import Access, Outcome, Via

COLUMNS = ("at", "who", "what", "case", "object", "outcome", "address")
TICK_MS = 1000
FIELDS = ("who", "what", "outcome", "case_no", "area", "from", "to")


@dataclass(frozen=True)
class Search:
    """What the address asks for, as it was typed; `areas`: code, name and depth of those that may be chosen."""

    fields: Mapping[str, str]
    areas: Sequence[tuple[str, str, int]]
    export: str = ""

    def link(self, **more: str) -> str:
        """The address of this search, with more."""
        asked = {name: value for name, value in self.fields.items() if value}
        return f"/audit?{urlencode(asked | more)}"


def page(reader: Reader, deployment: frame.Deployment, place: frame.Place) -> list:
    """The sheet, filled once the log is read. A certificate has the sheet to itself."""
    alone = "certificate=" in place.query
    box = html.Div(states.skeleton(lines=10), id=ids.AUDIT_BOX, className="audit-box", **marked({"aria-live": "polite"}))
    parts = [box] if alone else [html.H1(text("audit.title", reader.locale)), _verification(reader.locale), box]
    sheet = html.Article(parts, className="sheet admin-sheet audit-sheet")
    store = dcc.Store(id=ids.AUDIT_QUERY, data=place.query)
    return [store, *frame.framed([sheet, *frame.foot(reader, deployment)], reader, deployment, page="audit")]


def _verification(locale: str) -> html.Section:
    begin = html.Button(text("audit.verify.begin", locale), type="button", id=ids.VERIFY_BEGIN, className="button button-main")
    words = html.Div(
        [html.H2(text("audit.verify.title", locale)), html.P(text("audit.verify.hint", locale), className="state-hint")]
    )
    return html.Section(
        [
            html.Div([words, begin], className="verify-head"),
            html.Div([], id=ids.VERIFY_BOX, className="verify-box", role="status", **marked({"aria-live": "polite"})),
            dcc.Store(id=ids.VERIFY_RUN),
            dcc.Interval(id=ids.VERIFY_TICK, interval=TICK_MS, disabled=True),
        ],
        className="verify",
    )


def progress(read: int, total: int, locale: str) -> list:
    """How many links were read of how many."""
    share = round(100 * read / total) if total else 0
    bar = html.Div(
        html.Div(className="progress-done", style={"width": f"{share}%"}),
        className="progress",
        role="progressbar",
        **marked({"aria-valuenow": str(share), "aria-valuemin": "0", "aria-valuemax": "100"}),
        **marked({"aria-label": text("audit.verify.title", locale)}),
    )
    words = text("audit.verify.read", locale, read=count(read, locale), total=count(total, locale))
    return [bar, html.P(words, className="quiet")]


def verified(result: Mapping[str, Any], locale: str) -> list:
    """Whole or not, and the way to the certificate."""
    faults = result["details"]["faults"]
    words = text("audit.verify.whole" if not faults else "audit.verify.broken", locale, n=count(faults, locale))
    mark = icon("alert-triangle" if faults else "check")
    link = html.A(text("audit.certificate.open", locale), href=f"/audit?certificate={result['seq']}", className="button")
    kind = "broken" if faults else "whole"
    return [html.P([mark, html.Span(words)], className=f"verify-result verify-{kind}"), link]


def verification_failed(locale: str) -> list:
    return [html.P(text("audit.verify.failed", locale), className="verify-result verify-broken", role="alert")]


def found(search: Search, entries: Mapping[str, Any], reader: Reader, *, first: bool) -> list:
    """The form and what it found."""
    locale = reader.locale
    parts: list = [_form(search, locale)]
    if not entries["items"]:
        return [*parts, states.empty(text("audit.none", locale), hint=text("audit.none.hint", locale))]
    total = html.P(text("audit.found", locale, n=count(entries["total"], locale)), className="audit-total", role="status")
    export = html.A(text("audit.export", locale), href=search.export, className="button", download="")
    return [*parts, html.Div([total, export], className="audit-tools"), _table(entries["items"], reader),
            _pager(search, entries["next_cursor"], first, locale)]  # fmt: skip


def not_searched(search: Search, words: str, reader: Reader) -> list:
    """The form, and what is wrong with it."""
    return [_form(search, reader.locale), html.P(words, className="form-message audit-wrong", role="alert")]


def _form(search: Search, locale: str) -> html.Form:
    acts = [(act.value, text(f"audit.act.{act.value}", locale)) for act in Access]
    outcomes = [(one.value, text(f"audit.outcome.{one.value}", locale)) for one in Outcome]
    areas = [(code, "　" * depth + name) for code, name, depth in search.areas]
    controls = {
        "who": _typed(search, "who", "text"),
        "what": _one_of(search, "what", acts, locale),
        "outcome": _one_of(search, "outcome", outcomes, locale),
        "case_no": _typed(search, "case_no", "text"),
        "area": _one_of(search, "area", areas, locale),
        "from": _typed(search, "from", "date"),
        "to": _typed(search, "to", "date"),
    }
    fields = [_field(name, text(f"audit.field.{name}", locale), control) for name, control in controls.items()]
    buttons = html.Div(
        [
            html.Button(text("audit.search", locale), type="submit", className="button button-main"),
            html.A(text("audit.clear", locale), href="/audit", className="button"),
        ],
        className="audit-buttons",
    )
    return html.Form([*fields, buttons], action="/audit", method="get", className="audit-form", role="search")


def _field(name: str, words: str, control: Any) -> Any:
    """A choice is named from beside it: a label around it would be read with all of its options."""
    if isinstance(control, html.Select):
        label = html.Label(words, htmlFor=f"audit-{name}", className="field-name")
        return html.Div([label, control], className="audit-field")
    return html.Label([html.Span(words, className="field-name"), control], className="audit-field")


def _typed(search: Search, name: str, kind: Any) -> dcc.Input:
    return dcc.Input(
        id=f"audit-{name}", name=name, type=kind, value=search.fields.get(name, ""), maxLength=64, className="input",
        autoComplete="off",
    )  # fmt: skip


def _one_of(search: Search, name: str, options: Sequence[tuple[str, str]], locale: str) -> html.Select:
    chosen = search.fields.get(name, "")
    rows = [("", text("audit.any", locale)), *options]
    marks = [marked({"selected": "selected"} if value == chosen else {}) for value, _ in rows]
    return html.Select(
        [html.Option(words, value=value, **mark) for (value, words), mark in zip(rows, marks, strict=True)],
        id=f"audit-{name}",
        name=name,
        className="input audit-select",
    )


def _table(items: Sequence[Mapping[str, Any]], reader: Reader) -> html.Div:
    locale = reader.locale
    heads = [html.Th(text(f"audit.column.{name}", locale), scope="col") for name in COLUMNS]
    rows = [html.Tr(_cells(one, reader), **marked({"data-seq": str(one["seq"])})) for one in items]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="table stacked-table audit-table")
    # reached by the keyboard: it scrolls sideways on a narrow screen
    return html.Div(table, className="table-box", tabIndex=0, role="region", **marked({"aria-label": text("audit.title", locale)}))


def _cells(entry: Mapping[str, Any], reader: Reader) -> list:
    locale = reader.locale
    organisation = (entry["organisation"] or {}).get("name", "")
    quiet = " · ".join(filter(None, [access_entries.role(entry, locale), organisation, entry["area_name"]]))
    values: dict[str, Any] = {
        "at": [html.Span(instant(entry["at"], locale, reader.zone)), *_repeats(entry, reader)],
        "who": [html.Strong(access_entries.who(entry, locale)), *_quiet(quiet)],
        "what": access_entries.what(entry["act"], locale),
        "case": html.Span(entry["case_no"], className="figures") if entry["case_no"] else None,
        "object": _object(entry, locale),
        "outcome": html.Span(text(f"audit.outcome.{entry['outcome']}", locale), className=f"chip audit-{entry['outcome']}"),
        "address": _from(entry, locale),
    }
    names = {name: text(f"audit.column.{name}", locale) for name in COLUMNS}
    return [html.Td(values[name], **marked({"data-label": names[name], "data-column": name})) for name in COLUMNS]


def _quiet(words: str) -> list:
    return [html.Div(words, className="quiet")] if words else []


def _from(entry: Mapping[str, Any], locale: str) -> list | None:
    """The network and by which way; nothing where the account's column says it already."""
    if not entry["account"] and entry["via"] in (Via.command_line, Via.server):
        return None
    return [html.Span(entry["address"], className="figures"), *_quiet(text(f"audit.via.{entry['via']}", locale))]


def _object(entry: Mapping[str, Any], locale: str) -> Any:
    if entry["act"] == Access.verify:
        return html.A(text("audit.certificate.open", locale), href=f"/audit?certificate={entry['seq']}", className="link")
    return access_entries.described(entry, locale) or None


def _repeats(entry: Mapping[str, Any], reader: Reader) -> list:
    """Repeats within a minute are one entry."""
    locale, until = reader.locale, entry["details"].get("until")
    if until:
        at = instant(datetime.fromisoformat(until), locale, reader.zone, form="clock")
        words = text("audit.repeated", locale, n=count(entry["n"], locale), at=at)
    elif entry["n"] > 1:
        words = text("audit.times", locale, n=count(entry["n"], locale))
    else:
        return []
    return _quiet(words)


def _pager(search: Search, cursor: str | None, first: bool, locale: str) -> html.Nav:
    links: list = []
    if not first:
        links.append(html.A(text("audit.newest", locale), href=search.link(), className="button"))
    if cursor:
        links.append(html.A(text("audit.older", locale), href=search.link(before=cursor), className="button", rel="next"))
    return html.Nav(links, className="audit-pager", **marked({"aria-label": text("audit.pages", locale)}))
