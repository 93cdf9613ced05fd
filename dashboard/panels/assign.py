"""Candidates for a waiting case, in order, each with its reasons in words."""

from __future__ import annotations

from dash import html

from dashboard import ids
from dashboard.icons import icon
from dashboard.panels import states
from dashboard.panels.options import option as choice
from dashboard.view_models import Candidate, CaseView, NobodyFits, Reader, Why
from dashboard.words.formats import count, distance
from dashboard.words.reasons import reason_words
from dashboard.words.texts import text

SHOWN = 9


def choices(case: CaseView, reader: Reader) -> html.Div | html.Fieldset:
    """One of the candidates; the best candidate is chosen already, keys 1 to 9 choose another."""
    if not case.candidates:
        return html.Div(
            [
                states.empty(text("assign.none", reader.locale), hint=text("assign.none.hint", reader.locale)),
                *_nobody(case.nobody, reader.locale),
            ],
            id=ids.ASSIGN_TO,
        )
    rows = [
        candidate(option, number, reader, chosen=not number) for number, option in enumerate(case.candidates[:SHOWN])
    ]
    name = html.Legend(text("assign.title", reader.locale), className="unseen")
    return html.Fieldset([name, *rows], id=ids.ASSIGN_TO, className="candidates")


def _nobody(nobody: NobodyFits | None, locale: str) -> list:
    """Which condition failed for whom, the nearest to suitable first; and whom to refer the case up to."""
    if nobody is None:
        return []
    rows = [
        html.Li(
            [
                html.Span(name, className="candidate-name"),
                html.Ul([_told("con", text(f"condition.{code}", locale)) for code in failed], className="reasons"),
            ],
            className="unfit",
        )
        for name, failed in nobody.unfit
    ]
    parts: list = [html.P(text("assign.unfit", locale), className="state-hint"), html.Ul(rows, className="unfits")]
    if nobody.above:
        parts.insert(0, html.P(text("assign.refer-up", locale, name=nobody.above), className="refer-up"))
    return parts


def candidate(option: Candidate, number: int, reader: Reader, *, chosen: bool) -> html.Label:
    """One organisation: name, load of its capacity, distance, what speaks for it and what against."""
    reasons = [_reason(why, "pro", reader.locale) for why in option.pro]
    reasons += [_reason(why, "con", reader.locale) for why in option.con]
    if option.below:
        words = reason_words(option.below.code, option.below.values, reader.locale, family="below")
        reasons.append(html.Li(html.Span(words), className="reason reason-below"))
    card = html.Div(
        [
            html.Kbd(str(number + 1)),
            html.Div(
                [
                    html.Div(
                        [html.Span(option.name, className="candidate-name"), *_figures(option, reader.locale)],
                        className="candidate-line",
                    ),
                    _load(option),
                    html.Ul(reasons, className="reasons"),
                ],
                className="candidate-body",
            ),
        ],
        className="candidate",
    )
    return choice("assign-to", str(option.organisation), card, chosen=chosen)


def _figures(option: Candidate, locale: str) -> list:
    load = text(
        "assign.load",
        locale,
        load=count(option.load, locale),
        capacity=count(option.capacity, locale) if option.capacity else "–",
    )
    figures = [html.Span(load, className="quiet", title=text("assign.load.hint", locale))]
    if option.parts:
        figures.insert(0, _score(option, locale))
    if option.distance_m is not None:
        figures.append(html.Span(distance(option.distance_m, locale), className="quiet"))
    return figures


def _load(option: Candidate) -> html.Div:
    share = min(1.0, option.load / option.capacity) if option.capacity else 0.0
    state = " load-full" if share >= 1 else ""
    return html.Div(html.Div(className="load-fill", style={"width": f"{share:.0%}"}), className=f"load{state}")


def _reason(why: Why, side: str, locale: str) -> html.Li:
    return _told(side, reason_words(why.code, why.values, locale))


def _told(side: str, words: str) -> html.Li:
    return html.Li([icon("check" if side == "pro" else "minus"), html.Span(words)], className=f"reason reason-{side}")


def _score(option: Candidate, locale: str) -> html.Span:
    """The score; its parts when pointed at."""
    parts = " + ".join(f"{text(f'part.{code}', locale)} {points:.1f}" for code, points in option.parts.items())
    return html.Span(text("assign.score", locale, score=f"{option.score:.1f}"), className="quiet", title=parts)
