"""Charts without decoration: grey for the past, the accent for now, no tool bar, in the reader's language and theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
from dash import dcc, html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.panels import states
from dashboard.view_models import CategoryCount, MonthCounts, Reader, Scene
from dashboard.words.formats import count, month
from dashboard.words.texts import text

#: Mid tones that hold 3:1 on both grounds; the browser exchanges what differs between the themes.
REPORTED, SETTLED, INK, GRID = "#8093B0", "#3F7FE8", "#7D90AD", "rgba(125,144,173,.22)"
CONFIG: Any = {
    "displayModeBar": False,
    "responsive": True,
    "staticPlot": False,
    "scrollZoom": False,
    "doubleClick": False,
}
SHOWN_CATEGORIES = 8
_FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif'


def charts(scene: Scene, reader: Reader) -> list:
    """Both charts with their titles, for one area at one moment."""
    if not any(row.reported or row.settled for row in scene.months):
        return [states.empty(text("chart.empty", reader.locale))]
    return [
        _chart(
            ids.TREND,
            text("chart.trend", reader.locale),
            trend(scene.months, reader),
            key(reader),
            _doors(_month_doors(scene.months, reader), text("chart.trend", reader.locale)),
        ),
        _chart(
            ids.CATEGORIES,
            text("chart.categories", reader.locale),
            categories(scene.categories, scene.months, reader),
            others(scene.categories, reader),
            _doors(
                [
                    (f"{row.name} {count(row.number, reader.locale)}", _of_category(row, scene.months))
                    for row in scene.categories[:SHOWN_CATEGORIES]
                ],
                text("chart.categories", reader.locale),
            ),
        ),
    ]


def _of_month(series: str, row: MonthCounts) -> str:
    """The filter (core/filter.mjs) that a point of a series stands for."""
    return f"{series}={row.month:%Y-%m}"


def _of_category(row: CategoryCount, months: Sequence[MonthCounts]) -> str:
    """The filter that a bar stands for: its cases were reported in the months of the charts."""
    return f"category={row.code}&reported={months[0].month:%Y-%m}_{months[-1].month:%Y-%m}"


def _month_doors(months: Sequence[MonthCounts], reader: Reader) -> list[tuple[str, str]]:
    words = {name: text(f"chart.{name}", reader.locale) for name in ("reported", "settled")}
    return [
        (f"{month(row.month, reader.locale)} {words[name]} {count(getattr(row, name), reader.locale)}", _of_month(name, row))
        for row in reversed(months)
        for name in ("reported", "settled")
    ]


def _doors(doors: Sequence[tuple[str, str]], label: str) -> html.Div:
    """What the chart shows as buttons, seen while one of them has the focus: arrow keys move, Enter filters."""
    buttons = [
        html.Button(
            words,
            type="button",
            className="filter-chip",
            tabIndex=-1 if place else 0,
            **marked({"data-filter-by": wanted}),
        )
        for place, (words, wanted) in enumerate(doors)
    ]
    return html.Div(buttons, className="chart-doors", role="toolbar", **marked({"aria-label": label}))


def others(rows: Sequence[CategoryCount], reader: Reader) -> html.Div:
    """How many cases the bars leave out: a bar of them would dwarf the rest."""
    rest = sum(row.number for row in rows[SHOWN_CATEGORIES:])
    words = text("chart.others", reader.locale, n=count(rest, reader.locale)) if rest else ""
    return html.Div(words, className="chart-key")


def key(reader: Reader) -> html.Div:
    """The two series by name, above the chart instead of inside."""
    return html.Div(
        [
            html.Span(text("chart.reported", reader.locale), className="key key-reported"),
            html.Span(text("chart.settled", reader.locale), className="key key-settled"),
        ],
        className="chart-key",
    )


def _chart(name: str, title: str, figure: go.Figure, legend: html.Div, doors: html.Div) -> html.Section:
    head = [html.H2(title, className="section-title"), legend]
    graph = dcc.Graph(
        id=name,
        figure=figure,
        config=CONFIG,
        className="chart-graph",
        responsive=True,
        style={"height": f"{figure.layout.height / 16}rem"},
    )
    return html.Section([html.Div(head, className="chart-head"), graph, doors], className="chart")


def trend(months: Sequence[MonthCounts], reader: Reader) -> go.Figure:
    """Reported as grey bars, settled as an accent line, month by month."""
    names = [month(row.month, reader.locale) for row in months]
    places = list(range(len(names)))
    words = {name: text(f"chart.{name}", reader.locale) for name in ("reported", "settled")}
    figure = go.Figure()
    figure.add_bar(
        x=places,
        y=[row.reported for row in months],
        name=words["reported"],
        marker_color=REPORTED,
        marker_opacity=0.55,
        customdata=[[name, _of_month("reported", row)] for name, row in zip(names, months, strict=True)],
        hovertemplate="%{customdata[0]} · %{y}",
    )
    figure.add_scatter(
        x=places,
        y=[row.settled for row in months],
        name=words["settled"],
        mode="lines+markers",
        line={"color": SETTLED, "width": 2},
        marker={"size": 5},
        customdata=[[name, _of_month("settled", row)] for name, row in zip(names, months, strict=True)],
        hovertemplate="%{customdata[0]} · %{y}",
    )
    quiet(figure, height=150)
    figure.update_xaxes(tickvals=places[::2], ticktext=names[::2])
    figure.update_yaxes(gridcolor=GRID, nticks=4, rangemode="tozero")
    return figure


def categories(rows: Sequence[CategoryCount], months: Sequence[MonthCounts], reader: Reader) -> go.Figure:
    """The most frequent categories as bars with their number."""
    shown = list(rows[:SHOWN_CATEGORIES])
    shown.reverse()
    figure = go.Figure()
    figure.add_bar(
        x=[row.number for row in shown],
        y=[row.name for row in shown],
        orientation="h",
        customdata=[[row.name, _of_category(row, months)] for row in shown],
        marker_color=REPORTED,
        marker_opacity=0.55,
        text=[count(row.number, reader.locale) for row in shown],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y} · %{x}<extra></extra>",
    )
    quiet(figure, height=32 + 22 * len(shown))
    figure.update_xaxes(visible=False)
    figure.update_yaxes(automargin=True, ticksuffix="  ", showgrid=False)
    figure.update_layout(margin_r=44)
    return figure


def quiet(figure: go.Figure, *, height: int) -> None:
    figure.update_layout(
        template="none",
        height=height,
        showlegend=False,
        margin={"l": 36, "r": 8, "t": 8, "b": 24},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": _FONT, "size": 11, "color": INK},
        bargap=0.35,
        hoverlabel={"font": {"family": _FONT, "size": 12}},
        dragmode=False,
        hovermode="closest",
    )
    figure.update_xaxes(showgrid=False, zeroline=False, fixedrange=True)
    figure.update_yaxes(showgrid=True, zeroline=False, fixedrange=True, gridcolor=GRID)
