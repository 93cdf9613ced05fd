"""The certificate of a verification, made to be printed on A4: each line in the reader's language and in the other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dash import html

from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.view_models import Reader
from dashboard.words.formats import count, instant
from dashboard.words.texts import LOCALES, text

#: How a fault begins (data/audit/trace.py, data/audit/access_log.py), and its words for an auditor.
FAULTS = {
    "the row was changed": "changed",
    "the entry was changed": "changed",
    "a row between": "gap",
    "an entry between": "gap",
    "the trace up to here": "anchor",
    "the access log up to here": "anchor",
    "the event anchored on": "anchored_missing",
    "the entry anchored on": "anchored_missing",
    "the end of the": "cut",
    "the beginning is missing": "beginning",
    "the head of the access log": "cut",
    "it has anchors": "empty",
    "there are no anchors": "no_anchors",
    "the newest anchor": "old_anchor",
}


def certificate(entry: Mapping[str, Any], deployment: Mapping[str, str], reader: Reader) -> html.Div:
    """`entry`: of the access log; `deployment`: its name by locale."""
    locale, result = reader.locale, entry["details"]
    faults = result["faults"]
    tools = html.Div(
        [
            html.A([icon("arrow-left"), html.Span(text("audit.title", locale))], href="/audit", className="button"),
            html.Button(
                [icon("printer"), html.Span(text("case.print", locale))],
                type="button", className="button button-main", **marked({"data-action": "print"}),
            ),
        ],
        className="sheet-tools no-print",
    )  # fmt: skip
    kind = "broken" if faults else "whole"
    verdict = [
        html.P(text(f"certificate.{kind}", one, n=count(faults, one)), lang=_lang(one), className=f"verdict-{rank}")
        for rank, one in enumerate(_languages(locale), 1)
    ]
    body = [
        html.H1(_both("certificate.title", locale)),
        html.P(_name(deployment, locale), className="certificate-place"),
        html.Div(verdict, className=f"verdict verdict-{kind}"),
        html.Dl(_facts(entry, result, reader), className="certificate-facts"),
        *_named(result, reader),
        html.P(_both("certificate.note", locale), className="certificate-note"),
        _signatures(locale),
    ]
    return html.Div([tools, html.Div(body, className="certificate")])


def _facts(entry: Mapping[str, Any], result: Mapping[str, Any], reader: Reader) -> list:
    locale = reader.locale
    trace, log = result["trace"], result["log"]
    organisation = (entry["organisation"] or {}).get("name", "")
    who = " · ".join(
        filter(None, [entry["account"], text(f"role.{entry['role']}", locale), organisation, entry["area_name"]])
    )
    heads = [
        html.Div([html.Span(f"{one['prefecture']} · {one['seq']}"), html.Code(one["hash"])]) for one in trace["heads"]
    ]
    pairs: list[tuple[str, Any]] = [
        ("who", who),
        ("number", str(entry["seq"])),
        ("began", instant(datetime.fromisoformat(result["started"]), locale, reader.zone, form="zone")),
        ("ended", instant(entry["at"], locale, reader.zone, form="zone")),
        ("events", count(trace["events"], locale)),
        ("trace_anchors", count(trace["anchors"], locale)),
        ("trace_heads", heads or "—"),
        ("entries", count(log["entries"], locale)),
        ("log_anchors", count(log["anchors"], locale)),
        ("pruned", str(log["pruned"]) if log["pruned"] else "—"),
        ("log_head", html.Code(log["head"]) if log["head"] else "—"),
        ("faults", count(result["faults"], locale)),
        ("own_hash", html.Code(entry["hash"])),
    ]
    return [
        html.Div(
            [html.Dt(_both(f"certificate.{name}", locale)), html.Dd(value)],
            className=f"certificate-fact certificate-fact-{name}",
        )
        for name, value in pairs
    ]


def _named(result: Mapping[str, Any], reader: Reader) -> list:
    """The faults that are named, and how many more there are."""
    if not result["named"]:
        return []
    items = [
        html.Li([html.Strong(_where(one)), html.Span(_said(one["what"], reader.locale))]) for one in result["named"]
    ]
    more = result["faults"] - len(items)
    head = html.H2(_both("certificate.named", reader.locale))
    parts: list = [head, html.Ol(items, className="certificate-faults")]
    if more > 0:
        parts.append(html.P(text("certificate.more", reader.locale, n=count(more, reader.locale)), className="quiet"))
    return parts


def _where(fault: Mapping[str, Any]) -> str:
    return " · ".join(filter(None, [fault["chain"], str(fault["seq"] or ""), fault["case_no"]]))


def _said(what: str, locale: str) -> str:
    """The fault in the reader's language; one that is not known as it was written down."""
    for beginning, name in FAULTS.items():
        if what.startswith(beginning):
            return text(f"certificate.fault.{name}", locale)
    return what


def _signatures(locale: str) -> html.Div:
    return html.Div(
        [
            html.Div([html.Span(_both(f"certificate.sign.{name}", locale)), html.Span(className="sign-line")])
            for name in ("auditor", "witness", "date")
        ],
        className="certificate-signatures",
    )


def _both(key: str, locale: str) -> list:
    first, second = _languages(locale)
    return [
        html.Span(text(key, first), lang=_lang(first), className="said"),
        html.Span(text(key, second), lang=_lang(second), className="said-other"),
    ]


def _name(deployment: Mapping[str, str], locale: str) -> list:
    first, second = _languages(locale)
    names = dict.fromkeys([deployment.get(first, ""), deployment.get(second, "")])
    return [
        html.Span(name, className="said" if number == 0 else "said-other") for number, name in enumerate(names) if name
    ]


def _languages(locale: str) -> tuple[str, str]:
    return locale, next(one for one in LOCALES if one != locale)


def _lang(locale: str) -> str:
    return locale.replace("_", "-")
