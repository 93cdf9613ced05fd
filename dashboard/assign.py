"""Who could take a waiting case: bodies in order, each with its reasons in words."""

from __future__ import annotations

from dash import html

from dashboard import ids, states
from dashboard.attributes import marked
from dashboard.formats import count, distance
from dashboard.icons import icon
from dashboard.texts import text, text_or
from dashboard.views import Candidate, CaseView, Reader, Why

SHOWN = 9


def choices(case: CaseView, reader: Reader) -> html.Div:
    """A radio group; the best candidate is chosen already, keys 1 to 9 choose another."""
    if not case.candidates:
        return html.Div(
            states.empty(text("assign.none", reader.locale), hint=text("assign.none.hint", reader.locale)),
            id=ids.ASSIGN_TO,
            role="radiogroup",
        )
    rows = [candidate(body, number, reader, chosen=not number) for number, body in enumerate(case.candidates[:SHOWN])]
    return html.Div(
        rows,
        id=ids.ASSIGN_TO,
        role="radiogroup",
        className="candidates",
        **marked({"aria-label": text("assign.title", reader.locale)}),
    )


def candidate(body: Candidate, number: int, reader: Reader, *, chosen: bool) -> html.Div:
    """One body: name, load of its capacity, distance, what speaks for it and what against."""
    reasons = [_reason(why, "pro", reader.locale) for why in body.pro]
    reasons += [_reason(why, "con", reader.locale) for why in body.con]
    return html.Div(
        [
            html.Kbd(str(number + 1)),
            html.Div(
                [
                    html.Div(
                        [html.Span(body.name, className="candidate-name"), *_figures(body, reader.locale)],
                        className="candidate-line",
                    ),
                    _load(body),
                    html.Ul(reasons, className="reasons"),
                ],
                className="candidate-body",
            ),
        ],
        role="radio",
        tabIndex=0 if chosen else -1,
        className="candidate",
        **marked({"data-organisation": str(body.organisation), "aria-checked": "true" if chosen else "false"}),
    )


def _figures(body: Candidate, locale: str) -> list:
    load = text(
        "assign.load",
        locale,
        load=count(body.load, locale),
        capacity=count(body.capacity, locale) if body.capacity else "–",
    )
    figures = [html.Span(load, className="quiet", title=text("assign.load.hint", locale))]
    if body.distance_m is not None:
        figures.append(html.Span(distance(body.distance_m, locale), className="quiet"))
    return figures


def _load(body: Candidate) -> html.Div:
    share = min(1.0, body.load / body.capacity) if body.capacity else 0.0
    state = " load-full" if share >= 1 else ""
    return html.Div(html.Div(className="load-fill", style={"width": f"{share:.0%}"}), className=f"load{state}")


def _reason(why: Why, side: str, locale: str) -> html.Li:
    return html.Li(
        [icon("check" if side == "pro" else "minus"), html.Span(reason_text(why, locale))],
        className=f"reason reason-{side}",
    )


def reason_text(why: Why, locale: str) -> str:
    """The words of a reason; its code when an own rule names one that has no words yet."""
    words = text_or(f"reason.{why.code}", locale, why.code)
    try:
        return words.format(**why.values)
    except (KeyError, IndexError, ValueError):
        return words
