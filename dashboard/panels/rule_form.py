"""The form of a tiers' rule. Python draws its controls once, a factor and a source as patterns to copy; what stands in them
is filled in by dashboard/assets/app/rules/rule_form.mjs, which is where factors are added and removed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.panels.options import Input
from dashboard.view_models import Reader, RuleBook, RuleOptions
from dashboard.words.texts import LOCALES, text, text_or
from rules.cases import Kind, Severity, Source
from rules.tier_rule import LONGEST_NAME, Exposure, Origin

#: Where a slider begins and ends, and its step; a number beyond it may be typed, and the slider follows.
RANGES = {
    "thresholds.key": (0, 100, 0.1),
    "thresholds.watch": (0, 100, 0.1),
    "hysteresis": (0, 10, 0.1),
    "upper.key_share": (0.01, 1, 0.01),
    "upper.watch_share": (0.01, 1, 0.01),
    "upper.raised_share": (0.01, 1, 0.01),
    "weight": (0, 50, 0.5),
    "half_life_days": (1, 365, 1),
    "half_rate": (0.5, 50, 0.5),
    "settled_share": (0, 1, 0.05),
}
THRESHOLDS = ("thresholds.key", "thresholds.watch", "hysteresis")
SHARES = ("upper.key_share", "upper.watch_share", "upper.raised_share")


def form(found: RuleBook, reader: Reader, *, editable: bool, publishes: bool) -> html.Div:
    """The rule in force to be read, tried or published by whoever may."""
    locale, marks = (
        reader.locale,
        {"data-rule": json.dumps(found.in_force["rule"]), "data-version": str(found.in_force["version"])},
    )
    add = _button("rule.factor.add", "rule-factor-add", locale, sign="plus")
    body = [
        html.P("", className="form-message", role="alert"),
        _part("rule.thresholds", [_amount(name, locale, path=name) for name in THRESHOLDS], locale),
        _part(
            "rule.factors",
            [html.Div([], id="rule-factors", className="rule-factors"), _fault_line("factors"), add],
            locale,
        ),
        _part("rule.upper", [_amount(name, locale, path=name) for name in SHARES], locale),
    ]
    fields = html.Fieldset(body, className="rule-fields", disabled=not editable)
    foot = [html.Div(_acts(locale, publishes), className="rule-acts")] if editable else []
    drawn = html.Form([fields, *foot], id="rule-form", **marked(marks | {"data-may": _right(editable, publishes)}))
    return html.Div(
        [drawn, html.Div([_factor(locale), _source(found.options, locale)], id="rule-patterns", hidden=True)]
    )


def _right(editable: bool, publishes: bool) -> str:
    return "publish" if publishes else "try" if editable else "read"


def _acts(locale: str, publishes: bool) -> list:
    discard = _button("rule.discard", "rule-discard", locale)
    if not publishes:
        return [discard, html.P(text("rule.leader_tries", locale), className="state-hint")]
    publish = html.Button(
        text("rule.publish", locale), type="button", id="rule-publish-open", className="button button-main",
        **marked({"data-action": "rule-publish"}),
    )  # fmt: skip
    return [discard, publish]


def _button(key: str, action: str, locale: str, *, sign: str = "") -> html.Button:
    words = [icon(sign), html.Span(text(key, locale))] if sign else text(key, locale)
    return html.Button(words, type="button", className="button button-small", **marked({"data-action": action}))


def _part(key: str, rows: list, locale: str) -> html.Section:
    hint = text_or(f"{key}.hint", locale, "")
    lines = [html.P(hint, className="state-hint")] if hint else []
    return html.Section([html.H2(text(key, locale), className="section-title"), *lines, *rows], className="rules-part")


def _fault_line(path: str) -> html.Div:
    return html.Div(html.P("", className="field-missing", role="alert"), **marked({"data-path": path}))


def _amount(name: str, locale: str, *, path: str = "") -> html.Div:
    """A number with its slider. `path`: its place in the document; within a pattern it is given by the factor's place."""
    low, high, step = RANGES[name]
    label = text(f"rule.field.{name}" if path else f"rule.field.factor.{name}", locale)
    slider = Input(type="range", className="rule-slider", min=low, max=high, step=step, **marked({"aria-label": label}))
    box = Input(
        type="text", inputMode="decimal", className="input rule-number", maxLength=20, autoComplete="off",
        placeholder=text("rule.never_fades", locale) if name == "half_life_days" else "", **marked({"aria-label": label}),
    )  # fmt: skip
    line = [html.Span(label, className="rule-label"), slider, box, html.P("", className="field-missing", role="alert")]
    return html.Div(line, className="rule-row", **marked({"data-path": path, "data-amount": name}))


def _typed(name: str, label: str, *, most: int) -> html.Label:
    box = Input(type="text", className="input", maxLength=most, autoComplete="off")
    line = [html.Span(label, className="rule-label"), box, html.Span("", className="field-missing", role="alert")]
    return html.Label(line, className="rule-row", **marked({"data-word": name}))


def _choice(name: str, label: str, options: Sequence[tuple[str, str]]) -> html.Label:
    rows = [html.Option(words, value=value) for value, words in options]
    line = [html.Span(label, className="rule-label"), html.Select(rows, className="input field-select")]
    return html.Label(
        [*line, html.Span("", className="field-missing", role="alert")],
        className="rule-row",
        **marked({"data-choice": name}),
    )


def _factor(locale: str) -> html.Section:
    """The pattern of a factor: what is moved most stands open, the rest behind one press."""
    names = [
        _typed(f"names.{one}", text("rule.field.name", locale, language=text("language.name", one)), most=LONGEST_NAME)
        for one in LOCALES
    ]
    exposures = [(one.value, text(f"rule.exposure.{one}", locale)) for one in Exposure]
    more = [
        *names,
        _typed("factor", text("rule.field.code", locale), most=LONGEST_NAME),
        _amount("half_rate", locale),
        _amount("settled_share", locale),
        _choice("exposure", text("rule.field.factor.exposure", locale), exposures),
        html.H4(text("rule.field.factor.sources", locale), className="rule-label"),
        html.Div([], className="rule-sources"),
        html.P("", className="field-missing", role="alert", **marked({"data-word": "sources"})),
        _button("rule.source.add", "rule-source-add", locale, sign="plus"),
    ]
    head = [
        html.Strong("", className="rule-name"),
        html.Button(icon("x", label=text("rule.factor.remove", locale)), type="button", className="icon-button",
                    title=text("rule.factor.remove", locale), **marked({"data-action": "rule-factor-remove"})),
    ]  # fmt: skip
    details = html.Details([html.Summary(text("rule.factor.more", locale)), *more], className="rule-more")
    counted = html.P("", className="rule-counted quiet")
    parts = [
        html.Header(head, className="rule-factor-head"),
        counted,
        _amount("weight", locale),
        _amount("half_life_days", locale),
    ]
    return html.Section([*parts, details], className="rule-factor")


def _source(options: RuleOptions, locale: str) -> html.Fieldset:
    """The pattern of a source: where it counts, and what narrows it."""
    origins = [(one.value, text(f"rule.source.{one}", locale)) for one in Origin]
    known = {
        ("cases", "kinds"): [(one.value, text(f"kind.{one}", locale)) for one in Kind],
        ("cases", "categories"): options.categories,
        ("cases", "reported_by"): [(one.value, text(f"source.{one}", locale)) for one in Source],
        ("cases", "severities"): [(one.value, text(f"severity.{one}", locale)) for one in Severity],
        ("places", "categories"): options.place_categories,
    }
    lists = [_list(origin, key, rows, locale) for (origin, key), rows in known.items()]
    columns: list = [_choice("column", text("rule.source.column", locale), [(one, one) for one in options.columns])]
    if not options.columns:
        columns = [html.P(text("rule.source.column.none", locale), className="state-hint")]
    remove = html.Button(icon("x", label=text("rule.source.remove", locale)), type="button", className="icon-button",
                         title=text("rule.source.remove", locale), **marked({"data-action": "rule-source-remove"}))  # fmt: skip
    parts: list[Any] = [
        html.Div([_choice("from", text("rule.source.from", locale), origins), remove], className="rule-source-head"),
        _flag("cases", "three_classes", locale),
        *lists,
        html.Div(columns, **marked({"data-of": "column"})),
        _flag("column", "people", locale),
    ]  # fmt: skip
    return html.Fieldset(parts, className="rule-source", **marked({"aria-label": text("rule.source", locale)}))


def _flag(origin: str, name: str, locale: str) -> html.Div:
    box = Input(type="checkbox", **marked({"data-flag": name}))
    return html.Div(
        html.Label([box, html.Span(text(f"rule.source.{name}", locale))], className="rule-flag"),
        **marked({"data-of": origin}),
    )


def _list(origin: str, key: str, rows: Sequence[tuple[str, str]], locale: str) -> html.Details:
    boxes = [
        html.Label([Input(type="checkbox", value=code), html.Span(name)], className="rule-flag") for code, name in rows
    ]
    summary = html.Summary([text(f"rule.source.{key}", locale), html.Span("", className="rule-chosen quiet")])
    wrong = html.P("", className="field-missing", role="alert")
    return html.Details(
        [summary, html.Div(boxes, className="rule-boxes"), wrong],
        className="rule-list",
        **marked({"data-of": origin, "data-list": key}),
    )
