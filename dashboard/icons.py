"""Icons: SVG files drawn through a CSS mask, so that they take the colour of the words beside them."""

from __future__ import annotations

from dash import html

from dashboard.attributes import marked


def icon(name: str, *, label: str | None = None, class_name: str = "") -> html.Span:
    """The icon of that file name; decoration unless a label says what it means."""
    named = marked({"aria-label": label} if label else {"aria-hidden": "true"})
    return html.Span(
        className=f"icon icon-{name} {class_name}".strip(),
        role="img" if label else None,
        **named,
    )


def case_mark(kind: str, severity: str, *, hollow: bool = False, label: str | None = None) -> html.Span:
    """The marker of the map again, beside words: shape by kind, fill by severity, hollow while waiting."""
    state = " mark-hollow" if hollow else ""
    named = marked({"aria-label": label, "role": "img"} if label else {"aria-hidden": "true"})
    return html.Span(className=f"mark mark-{kind} mark-{severity}{state}", **named)


def tier_mark(tier: str | None, letter: str) -> html.Span:
    """Colour, pattern and letter of a tier, so that colour never speaks alone."""
    return html.Span(letter, className=f"tier-mark tier-{tier or 'none'}", **marked({"data-tier-mark": tier or ""}))
