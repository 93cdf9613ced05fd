"""Why an area above the grids has its tier: how many of its grids are in which, which turned within a quarter, and by what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.attributes import marked
from dashboard.icons import tier_mark
from dashboard.panels import states
from dashboard.view_models import Reader, TierWhy
from dashboard.words.formats import count
from dashboard.words.texts import text
from dashboard.words.tiers import pushed_words, signed

TIERS = ("key", "watch", "normal")


def panel(why: TierWhy, reader: Reader) -> list:
    """What the distribution (`summary`) comes from."""
    facts = why.facts or {}
    if not sum(facts["distribution"].values()):
        return [states.empty(text("why.above.none", reader.locale))]
    return [*_turned(facts["turned"], reader), *_pushed(facts["pushed"], reader)]


def summary(counts: Mapping[str, int], reader: Reader) -> list:
    """How many grids are in which tier, as numbers and as one bar."""
    locale = reader.locale
    head = html.Span(text("why.above.title", locale), className="section-title")
    if not sum(counts.get(tier, 0) for tier in TIERS):
        return [head, html.Span(text("why.above.none", locale), className="quiet")]
    parts = [
        html.Span(className=f"share share-{tier}", style={"flexGrow": counts[tier]}, title=_said(tier, counts, locale))
        for tier in TIERS if counts[tier]
    ]  # fmt: skip
    words = [html.Span(_said(tier, counts, locale), className=f"tier-text-{tier}") for tier in TIERS]
    return [head, html.Span(words, className="shares-said"), html.Span(parts, className="shares")]


def _said(tier: str, counts: Mapping[str, int], locale: str) -> str:
    return text("why.above.share", locale, tier=text(f"tier.{tier}", locale), n=count(counts[tier], locale))


def _turned(turned: Mapping[str, Any], reader: Reader) -> list:
    rows = [_turn(one, reader) for one in turned["items"]]
    rest = turned["raised"] + turned["lowered"] - len(rows)
    ways = text("why.above.turned", reader.locale, up=turned["raised"], down=turned["lowered"])
    title = [html.Span(text("why.above.turns", reader.locale)), html.Span(ways, className="rail-size")]
    found = [html.H3(title, className="why-heading"), html.Div(rows, className="why-areas")]
    if rest:
        found.append(html.P(text("why.above.rest", reader.locale, n=count(rest, reader.locale)), className="state-hint"))
    if not rows:
        found.append(html.P(text("why.above.none-turned", reader.locale), className="state-hint"))
    return found


def _turn(one: Mapping[str, Any], reader: Reader) -> html.Button:
    locale = reader.locale
    way = text("why.turn", locale, before=text(f"tier.{one['from']}", locale), now=text(f"tier.{one['to']}", locale))
    pushed = text("why.override.short", locale) if one["overridden"] else pushed_words(one["pushed"], locale)
    named = [html.Span(one["name"], className="area-name"), html.Span(pushed, className="turn-by")]
    return html.Button(
        [
            tier_mark(one["to"], text(f"tier.mark.{one['to']}", locale)),
            html.Span(named, className="turn-words"),
            html.Span(way, className="area-count"),
        ],
        type="button", className="area-row", **marked({"data-go-area": one["code"], "data-tier": one["to"]}),
    )  # fmt: skip


def _pushed(pushed: list[Mapping[str, Any]], reader: Reader) -> list:
    """What each factor adds to all scores, against a quarter earlier; each opens the cases that count."""
    title = html.H3(text("why.above.pushed", reader.locale), className="why-heading")
    if not pushed:
        return [title, html.P(text("why.above.none-before", reader.locale), className="state-hint")]
    most = max(abs(one["change"]) for one in pushed) or 1
    return [title, html.Div([_push(one, most, reader) for one in pushed], className="why-pushes")]


def _push(one: Mapping[str, Any], most: float, reader: Reader) -> html.Button | html.Div:
    way = "up" if one["change"] > 0 else "down"
    bar = html.Span(
        html.Span(className=f"push push-{way}", style={"width": f"{abs(one['change']) / most / 2:.1%}"}),
        className="push-room",
    )
    title = text("why.above.push.hint", reader.locale, now=f"{one['contribution']:.2f}", before=f"{one['before']:.2f}")
    inside = [
        html.Span(one["name"], className="bar-name"),
        bar,
        html.Span(signed(one["change"]), className="bar-value"),
    ]
    about = {"data-factor": one["factor"], "data-change": f"{one['change']:.2f}"}
    if one["list"] is None:
        return html.Div(inside, className="why-push", title=title, **marked(about))
    return html.Button(
        inside, type="button", className="why-push why-door", title=title, **marked(about | {"aria-pressed": "false"})
    )
