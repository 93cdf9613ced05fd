"""/wall: big counts and the map of tiers, to be read from afar. Redacted: no title, no name."""

from __future__ import annotations

from dash import html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.pages.frame import Deployment, Place, map_of, synthetic_chip
from dashboard.panels.topbar import live_status
from dashboard.view_models import Reader
from dashboard.words.texts import text

METRICS = ("open", "waiting", "overdue", "settled_month", "new_today", "to_file")


def page(reader: Reader, deployment: Deployment, place: Place) -> list:
    """Head with name and data time, the figures, the map with its key of tiers."""
    chip = [synthetic_chip(reader.locale)] if deployment.synthetic else []
    head = html.Header(
        [
            html.Div(
                [html.Span(deployment.name, className="wall-deployment"), html.H1("", id=ids.AREA_TITLE)],
                className="wall-title",
            ),
            html.Div(
                [*chip, html.Span(reader.username, className="wall-display"), live_status(reader.locale)],
                className="wall-facts",
            ),
        ],
        className="wall-head",
    )
    figures = html.Div([_figure(name, reader.locale) for name in METRICS], id=ids.WALL_COUNTS, className="wall-counts")
    tiers = html.Div([_tier(name, reader.locale) for name in ("key", "watch", "normal")], className="wall-tiers")
    banner = html.Div(id="stale-banner", className="banner wall-banner", role="alert", hidden=True)
    return [
        html.Main(
            [
                head,
                banner,
                html.Div([figures, tiers], className="wall-side"),
                html.Div(map_of(reader, place), className="wall-map"),
            ],
            className="wall",
        ),
    ]


def _figure(name: str, locale: str) -> html.Div:
    return html.Div(
        [
            html.Span("–", id=ids.wall_count(name), className="wall-number", **marked({"data-count": name})),
            html.Span(text(f"metric.{name}", locale), className="wall-name"),
        ],
        className=f"wall-figure wall-{name.replace('_', '-')}",
    )


def _tier(name: str, locale: str) -> html.Div:
    return html.Div(
        [
            html.Span(text(f"tier.mark.{name}", locale), className=f"tier-mark tier-{name}"),
            html.Span("–", id=ids.wall_count(f"tier-{name}"), className="wall-tier-number"),
            html.Span(text(f"tier.{name}", locale), className="wall-name"),
        ],
        className="wall-tier",
    )
