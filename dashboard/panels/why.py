"""Why a grid has its tier: one sentence, the bars that add up to its score, what would lower it, and what stands around it.
What stands above grids is in why_above.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.icons import icon, tier_mark
from dashboard.panels import states, why_above, why_charts
from dashboard.panels.api_forms import Sending, asker, opener
from dashboard.view_models import Reader, TierWhy
from dashboard.words.formats import count, day, deadline, duration, isolated, moment
from dashboard.words.texts import text
from dashboard.words.tiers import in_hundredths, lowering_words, signed, turn_words

#: The most that a factor, the open cases and the history name; the rest is one line.
ITEMS_SHOWN, OPEN_SHOWN, TURNS_SHOWN = 40, 30, 8
#: The largest contributions that the sentence names.
NAMED = 2


def panel(why: TierWhy, reader: Reader) -> list:
    """Everything in it, for an area above grids too."""
    if not why.leaf:
        return why_above.panel(why, reader)
    if why.facts is None:
        return [
            states.empty(text("why.none", reader.locale), hint=text("why.none.hint", reader.locale)),
            *_around(why, reader),
        ]
    return [
        *_head(why, why.facts, reader),
        _bars(why.facts, reader),
        _legend(why.facts, reader),
        *(_items(one, reader) for one in why.facts["factors"]),
        *_lower(why.facts, reader),
        *_holding(why, why.facts, reader),
        *_open_cases(why.around["open_cases"], reader),
        *_history(why.facts, reader),
        *_around(why, reader),
        html.P(_basis(why.facts, reader), className="why-basis"),
    ]


def _head(why: TierWhy, facts: Mapping[str, Any], reader: Reader) -> list:
    title = html.H2(text("why.title", reader.locale), className="section-title")
    return [
        title,
        html.P(_sentence(facts, reader), className="why-sentence"),
        *_override(facts, reader),
    ]


def _sentence(facts: Mapping[str, Any], reader: Reader) -> list:
    """Which tier, since when, by what, and the smallest change that would lower it."""
    locale = reader.locale
    tier = html.Strong(text(f"tier.{facts['tier']}", locale), className=f"tier-text-{facts['tier']}")
    largest = sorted((one for one in facts["factors"] if one["contribution"]), key=lambda one: -one["contribution"])[
        :NAMED
    ]
    parts = [text("why.part", locale, name=one["name"], n=f"{one['contribution']:.2f}") for one in largest]
    said = text(
        "why.sentence",
        locale,
        at=_day(facts["since"], reader),
        score=f"{facts['score']:.2f}",
    )
    by = text("why.sentence.by", locale, parts=text("list.joint", locale).join(parts)) if parts else ""
    lower = lowering_words(facts["lower"][0], facts, locale) if facts["lower"] else ""
    then = text("why.sentence.lower", locale, lower=lower) if lower else ""
    return [tier, html.Span(said + by + text("why.sentence.end", locale) + then)]


def _day(at: datetime, reader: Reader) -> str:
    return day(at.astimezone(ZoneInfo(reader.zone)).date(), reader.locale)


def _override(facts: Mapping[str, Any], reader: Reader) -> list:
    """That a person holds it there, until when and why, and what the rule would say."""
    held, locale = facts["override"], reader.locale
    if held is None:
        return []
    lines = [
        html.Strong(text("why.override.is", locale, until=deadline(held["until"], locale, reader.zone))),
        html.Span(text("why.override.rule", locale, tier=text(f"tier.{held['computed']}", locale))),
    ]
    if held["reason"]:
        lines.append(html.Span(text("why.override.reason", locale, reason=isolated(held["reason"]))))
    if held["by"]:
        lines.append(
            html.Span(text("why.override.by", locale, role=text(f"role.{held['by']}", locale)), className="quiet")
        )
    return [html.Div([icon("lock"), html.Div(lines)], className="why-override", role="note")]


def _bars(facts: Mapping[str, Any], reader: Reader) -> html.Div:
    """The rows are the bars: each lies over its own in the figure, and says its number."""
    rows = [_bar(one, reader) for one in facts["factors"]]
    before = [one["before"] for one in facts["factors"]]
    change = None if None in before else facts["score"] - sum(before)
    total = html.Div(
        [*_named(text("why.score", reader.locale)), *_figures(facts["score"], change)],
        className="why-bar why-total",
        **marked({"data-score": f"{facts['score']:.2f}"}),
    )
    plot = html.Div(why_charts.waterfall(facts), className="why-plot-place", **marked({"aria-hidden": "true"}))
    return html.Div(
        [plot, *rows, total],
        className="why-bars",
        role="group",
        **marked({"aria-label": text("why.title", reader.locale)}),
    )


def _named(words: str) -> list[html.Span]:
    """The name of a row, and the room in which its bar shows through."""
    return [html.Span(words, className="bar-name"), html.Span(className="bar-room")]


def _bar(one: Mapping[str, Any], reader: Reader) -> html.Button | html.Div:
    change = None if one["before"] is None else one["contribution"] - one["before"]
    inside = [*_named(one["name"]), *_figures(one["contribution"], change)]
    about = {"data-factor": one["factor"], "data-contribution": f"{one['contribution']:.2f}"}
    if one["list"] is None:
        title = text("why.people", reader.locale) if one["people"] else text("why.closed", reader.locale)
        return html.Div(inside, className="why-bar", title=title, **marked(about))
    return html.Button(
        inside, type="button", className="why-bar why-door", title=_amount_words(one, reader),
        **marked(about | {"aria-pressed": "false"}),
    )  # fmt: skip


def _figures(value: float, change: float | None) -> list[html.Span]:
    told = "" if change is None or abs(change) < 0.005 else signed(change)
    return [html.Span(f"{value:.2f}", className="bar-value"), html.Span(told, className="bar-change")]


def _amount_words(one: Mapping[str, Any], reader: Reader) -> str:
    """What was counted and what that is by the exposure."""
    words = text(
        f"why.amount.{one['exposure']}",
        reader.locale,
        amount=f"{one['amount'] or 0:.2f}",
        rate=f"{one['rate']:.2f}",
        per=count(one["per"], reader.locale),
    )
    return words + (
        text("why.fades", reader.locale, days=count(one["half_life_days"], reader.locale))
        if one["half_life_days"]
        else ""
    )


def _legend(facts: Mapping[str, Any], reader: Reader) -> html.Div:
    marks = [
        html.Span(
            text(
                "why.threshold",
                reader.locale,
                tier=text(f"tier.{tier}", reader.locale),
                n=f"{facts['thresholds'][tier]:g}",
            ),
            className=f"why-key why-key-{tier}",
        )
        for tier in ("watch", "key")
    ]
    return html.Div(
        [*marks, html.Span(text("why.before", reader.locale), className="why-key why-key-before")],
        className="why-legend",
    )


def _items(one: Mapping[str, Any], reader: Reader) -> html.Div | None:
    """What counts for a factor, share by share, down to the sum; shown while its bar is the filter."""
    if one["list"] is None:
        return None
    shares = in_hundredths([item["share"] for item in one["items"]])
    rows = [_item(item, share, reader) for item, share in zip(one["items"][:ITEMS_SHOWN], shares, strict=False)]
    if len(one["items"]) > ITEMS_SHOWN:
        rest = text("why.items.rest", reader.locale, n=count(len(one["items"]) - ITEMS_SHOWN, reader.locale))
        rows.append(_line(rest, sum(shares[ITEMS_SHOWN:])))
    total = _line(_amount_words(one, reader), sum(shares), "why-item why-sum")
    none = [html.P(text("why.items.none", reader.locale), className="state-hint")]
    return html.Div(
        [*rows, total] if rows else none, className="why-items", hidden=True,
        **marked({"data-items": one["factor"], "aria-live": "polite"}),
    )  # fmt: skip


def _item(item: Mapping[str, Any], share: float, reader: Reader) -> html.Button | html.Div:
    if item.get("place"):
        at = {"data-at": f"{item['lon']} {item['lat']}"}
        return _door(item["name"], share, at)
    if item["case_no"] is None:
        return _line(text("why.items.unseen", reader.locale), share)
    return _door(item["case_no"], share, {"data-open-case": item["case_no"]}, quiet=not item["open"], reader=reader)


def _door(
    words: str, share: float, to: Mapping[str, str], *, quiet: bool = False, reader: Reader | None = None
) -> html.Button:
    settled = [html.Span(text("why.items.settled", reader.locale), className="quiet")] if quiet and reader else []
    inside = [html.Span([html.Span(words), *settled]), html.Span(f"{share:.2f}", className="bar-value")]
    return html.Button(inside, type="button", className="why-item", **marked({**to, "data-share": f"{share:.2f}"}))


def _line(words: str, share: float, name: str = "why-item") -> html.Div:
    return html.Div([html.Span(words), html.Span(f"{share:.2f}", className="bar-value")], className=name)


def _lower(facts: Mapping[str, Any], reader: Reader) -> list:
    if not facts["lower"]:
        return []
    rows = [
        html.Li([html.Span(lowering_words(one, facts, reader.locale)), *_show(one["cases"], reader)])
        for one in facts["lower"]
    ]
    return [_title("why.lower.title", reader), html.Ul(rows, className="why-lower")]


def _show(cases: Sequence[str], reader: Reader) -> list[html.Button]:
    if not cases:
        return []
    words = text("why.lower.show", reader.locale)
    return [
        html.Button(words, type="button", className="link-button", **marked({"data-filter-cases": ",".join(cases)}))
    ]


def _title(key: str, reader: Reader, *more: Any) -> html.H3:
    return html.H3([html.Span(text(key, reader.locale)), *more], className="why-heading")


def _holding(why: TierWhy, facts: Mapping[str, Any], reader: Reader) -> list:
    """What leaders and admins may do about the tier itself."""
    if not why.holds:
        return []
    locale, path = reader.locale, f"/api/areas/{why.code}/override"
    about = text("override.about", locale, area=isolated(why.name), tier=text(f"tier.{facts['tier']}", locale))
    buttons: list = [
        opener(text("override.open", locale), ids.OVERRIDE_DIALOG, name="override-open", about=about, path=path)
    ]
    if facts["override"] is not None:
        question = text(
            "override.end.sure",
            locale,
            area=isolated(why.name),
            tier=text(f"tier.{facts['override']['computed']}", locale),
        )
        sending = Sending("DELETE", path, ids.WHY_REFRESH, text("override.ended", locale))
        buttons.append(asker(text("override.end", locale), question, sending, name="override-end"))
    return [html.Div(buttons, className="why-acts no-print")]


def _open_cases(cases: Sequence[Mapping[str, Any]] | None, reader: Reader) -> list:
    """By stage, the longest in their place first."""
    if cases is None:
        return []
    title = _title("why.open.title", reader, html.Span(count(len(cases), reader.locale), className="rail-size"))
    if not cases:
        return [title, html.P(text("why.open.none", reader.locale), className="state-hint")]
    shown = cases[:OPEN_SHOWN]
    groups = [part for stage in sorted({one["stage"] for one in shown}) for part in _stage(stage, shown, reader)]
    if len(cases) > OPEN_SHOWN:
        groups.append(
            html.P(
                text("why.open.rest", reader.locale, n=count(len(cases) - OPEN_SHOWN, reader.locale)),
                className="state-hint",
            )
        )
    return [title, *groups]


def _stage(stage: int, cases: Sequence[Mapping[str, Any]], reader: Reader) -> list:
    here = [one for one in cases if one["stage"] == stage]
    head = html.H4(
        [html.Span(text(f"stage.{stage}", reader.locale)), html.Span(count(len(here), reader.locale))],
        className="why-stage",
    )
    return [head, *(_open_case(one, reader) for one in here)]


def _open_case(one: Mapping[str, Any], reader: Reader) -> html.Button:
    late = one["due_at"] is not None and one["due_at"] < reader.now
    stands = text("why.open.stands", reader.locale, length=duration(reader.now - one["since"], reader.locale))
    lines = [
        html.Span(isolated(one["title"]), className="open-title"),
        html.Span(text(f"status.{one['status']}", reader.locale), className="quiet"),
        html.Span(one["holder"]["name"], className="open-holder quiet"),
        html.Span(stands, className="open-length open-late" if late else "open-length",
                  title=moment(one["since"], reader.locale, reader.zone)),
    ]  # fmt: skip
    return html.Button(lines, type="button", className="why-open", **marked({"data-open-case": one["case_no"]}))


def _history(facts: Mapping[str, Any], reader: Reader) -> list:
    rows = facts["history"]
    turns = why_charts.turns_of(rows)[-TURNS_SHOWN:][::-1]
    said = [
        html.Li(
            [
                html.Time(_day(row["at"], reader), className="quiet"),
                html.Span(turn_words(row, reader.locale)),
            ]
        )
        for row in turns
    ]
    none = html.P(text("why.history.none", reader.locale), className="state-hint")
    line = [why_charts.history(facts, reader, now=reader.now)] if len(rows) > 1 else []
    return [_title("why.history.title", reader), *line, html.Ul(said, className="why-turns") if said else none]


def _around(why: TierWhy, reader: Reader) -> list:
    return [*_duties(why.around["duties"], reader), *_comparable(why, reader)]


def _duties(duties: Sequence[Mapping[str, Any]], reader: Reader) -> list:
    rows = [html.Li([html.Span(one["post"]), html.Span(one["organisation"], className="quiet")]) for one in duties]
    none = html.P(text("why.duties.none", reader.locale), className="state-hint")
    return [_title("why.duties.title", reader), html.Ul(rows, className="why-duties") if rows else none]


def _comparable(why: TierWhy, reader: Reader) -> list:
    found = why.around["comparable"]
    hint = html.P(
        text("why.comparable.hint" if found else "why.comparable.none", reader.locale), className="state-hint"
    )
    rows = [_area_door(one, reader) for one in found]
    return [_title("why.comparable.title", reader), hint, html.Div(rows, className="why-areas")]


def _area_door(one: Mapping[str, Any], reader: Reader) -> html.Button:
    score = text("why.comparable.row", reader.locale, score=f"{one['score']:.2f}", n=count(one["open"], reader.locale))
    inside = [
        tier_mark(one["tier"], text(f"tier.mark.{one['tier']}", reader.locale)),
        html.Span(one["name"], className="area-name"),
        html.Span(score, className="area-count"),
    ]
    to = marked({"data-go-area": one["code"], "data-tier": one["tier"]})
    return html.Button(inside, type="button", className="area-row", **to)


def _basis(facts: Mapping[str, Any], reader: Reader) -> str:
    at = moment(facts["evaluated_at"], reader.locale, reader.zone)
    return text(
        "why.basis",
        reader.locale,
        version=facts["rule_version"],
        at=at,
        households=count(facts["households"], reader.locale),
    )
