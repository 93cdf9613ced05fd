"""/rules: the rule of the tiers as a form at the left, the map that a copy of it colours, what would change at the right.

The form is filled, tried and published by dashboard/assets/app/rules/: what is changed is a copy until it is published.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.pages import frame
from dashboard.panels import rule_form, states
from dashboard.panels.dialogs import card
from dashboard.view_models import Reader, RuleBook
from dashboard.words.formats import moment
from dashboard.words.rule_changes import changes
from dashboard.words.texts import text
from dashboard.words.tiers import reason_words
from rules.access import Act, Role, may
from rules.tier_rule import parse


def page(reader: Reader, deployment: frame.Deployment, place: frame.Place) -> list:
    """Form, map, results; the form is filled once the rule is read."""
    box = html.Div(states.skeleton(lines=12), id=ids.RULES_BOX, className="rules-box")
    left = html.Section([box, *frame.foot(reader, deployment)], className="left rules-left")
    over = [frame.filter_bar(reader.locale), _trial_bar(reader.locale)]
    middle = html.Section([frame.map_of(reader, place), *over], className="map-column")
    framed = frame.framed([left, middle, _results(reader)], reader, deployment, page="rules")
    return [dcc.Store(id=ids.RULES_REFRESH), *framed, _publish_dialog(reader.locale)]


def _may(reader: Reader, act: Act) -> bool:
    return may(Role(reader.role), act)


def _trial_bar(locale: str) -> html.Div:
    """While a copy is on the map nobody can take it for what is in force."""
    words = html.Span("", className="trial-words")
    return html.Div(
        [icon("alert-triangle"), words], id="rule-trial", className="rule-trial", role="status", hidden=True
    )


def _results(reader: Reader) -> html.Aside:
    locale = reader.locale
    if not _may(reader, Act.try_rules):
        return html.Aside(
            [html.P(text("rule.read_only", locale), className="state-hint")], className="right rules-right"
        )
    change = html.Section(
        [
            html.H2(text("rule.effect", locale), className="section-title"),
            html.Div(states.skeleton(lines=4), id="rule-counts", **marked({"aria-live": "polite"})),
            html.H3("", id="rule-moved-title", className="section-title"),
            html.Ul([], id="rule-moved", className="rule-moved"),
        ],
        className="rules-part",
    )
    back = html.Section(
        [
            html.H2(text("rule.backtest", locale), className="section-title"),
            html.P(text("rule.backtest.hint", locale), className="state-hint"),
            html.Button(
                text("rule.backtest.run", locale), type="button", className="button", id="rule-backtest-run",
                **marked({"data-action": "rule-backtest"}),
            ),
            html.Div([], id="rule-backtest", **marked({"aria-live": "polite"})),
        ],
        className="rules-part",
    )  # fmt: skip
    return html.Aside([change, back], className="right rules-right")


def _publish_dialog(locale: str) -> html.Dialog:
    title = text("rule.publish", locale)
    body = [
        html.P("", className="form-about", id="rule-publish-counts"),
        html.Ul([], id="rule-publish-changes", className="rule-changes"),
        html.Div(
            [
                html.Label(text("rule.reason", locale), htmlFor="rule-reason", className="field-name"),
                dcc.Textarea(id="rule-reason", className="input", maxLength=500, rows=3),
                html.P("", className="field-missing", role="alert"),
            ],
            className="field", **marked({"data-path": "reason"}),
        ),
    ]  # fmt: skip
    foot = [
        html.P("", className="form-message", role="alert"),
        html.Button(
            text("cancel", locale), type="button", className="button", **marked({"data-action": "close-dialog"})
        ),
        html.Button(text("rule.publish.submit", locale), type="submit", className="button button-main"),
    ]
    form = html.Form(card(title, body, locale, foot=foot), id="rule-publish-form")
    return html.Dialog(form, id="rule-publish", className="dialog", **marked({"aria-label": title}))


def book(found: RuleBook, reader: Reader) -> list:
    """The form of the rule in force over all its versions."""
    return [
        html.Header(
            [html.H1(text("rule.title", reader.locale)), _in_force(found.in_force, reader)], className="rules-head"
        ),
        rule_form.form(found, reader, editable=_may(reader, Act.try_rules), publishes=_may(reader, Act.edit_rules)),
        _versions(found, reader),
    ]


def _in_force(one: Mapping[str, Any], reader: Reader) -> html.P:
    if not one["version"]:
        return html.P(text("rule.in_force.none", reader.locale), className="state-hint")
    return html.P(
        text("rule.in_force", reader.locale, version=one["version"], who=_signed(one, reader)), className="state-hint"
    )


def _signed(one: Mapping[str, Any], reader: Reader) -> str:
    """Who made a version and when: a role, never a name."""
    author = one["author"]
    role = text(f"role.{author}", reader.locale)
    return f"{role} · {moment(one['at'], reader.locale, reader.zone)}"


def _versions(found: RuleBook, reader: Reader) -> html.Section:
    """Newest first, each with what changed against the one before it."""
    locale, rows = reader.locale, []
    for place, one in enumerate(found.versions):
        before = found.versions[place + 1] if place + 1 < len(found.versions) else None
        rows.append(_version(one, before, found, reader, in_force=place == 0))
    inner = html.Ol(rows, className="rule-versions") if rows else states.empty(text("rule.versions.none", locale))
    title = html.H2(text("rule.versions", locale), className="section-title")
    return html.Section([title, inner], className="rules-part")


def _version(
    one: Mapping[str, Any], before: Mapping[str, Any] | None, found: RuleBook, reader: Reader, *, in_force: bool
) -> html.Li:
    locale = reader.locale
    head: list = [html.Strong(text("rule.version", locale, version=one["version"]))]
    if in_force:
        head.append(html.Span(text("rule.now", locale), className="chip account-active"))
    head.append(html.Span(_signed(one, reader), className="quiet"))
    if _may(reader, Act.try_rules):
        marks = marked(
            {"data-action": "rule-load", "data-version": str(one["version"]), "data-rule": json.dumps(one["rule"])}
        )
        words = text("rule.version.load", locale)
        label = marked({"aria-label": text("rule.version.load.label", locale, version=one["version"])})
        head.append(html.Button(words, type="button", className="button button-small", **marks, **label))
    said = changes(parse(before["rule"]), parse(one["rule"]), locale, found.options.names) if before else []
    lines = [html.Li(words) for words in said] or [
        html.Li(text("rule.version.first" if before is None else "rule.version.same", locale))
    ]
    return html.Li(
        [
            html.Div(head, className="rule-version-head"),
            html.P(reason_words(one["reason"], locale), className="rule-reason"),
            html.Ul(lines, className="rule-changes"),
        ],
        **marked({"data-version": str(one["version"])}),
    )
