"""The figures of why a grid has its tier: contributions from 0 to the score, and the score over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
from dash import dcc

from dashboard import ids
from dashboard.panels.charts import CONFIG, GRID, INK, REPORTED, SETTLED, quiet
from dashboard.view_models import Reader
from dashboard.words.formats import moment
from dashboard.words.tiers import turn_words
from layers.colours import TIER

#: The bars are pressed as the buttons over them (dashboard/panels/why.py), which say their numbers too.
STILL: Any = {**CONFIG, "staticPlot": True}
HISTORY_PX = 130


def waterfall(facts: Mapping[str, Any]) -> dcc.Graph:
    """A row for each factor, from where the one before ended, and one for the score; behind each, pale, a quarter earlier."""
    factors = facts["factors"]
    starts = [sum(one["contribution"] for one in factors[:at]) for at in range(len(factors))]
    rows = [*range(len(factors))]
    figure = go.Figure()
    befores = [one["before"] or 0.0 for one in factors]
    total = sum(befores) if any(one["before"] is not None for one in factors) else 0.0
    figure.add_bar(
        y=[*rows, len(rows)], x=[*befores, total], base=[*starts, 0], orientation="h", width=0.78, marker_color=REPORTED,
        marker_opacity=0.3,
    )  # fmt: skip
    figure.add_bar(
        y=rows, x=[one["contribution"] for one in factors], base=starts, orientation="h", width=0.4, marker_color=SETTLED,
    )  # fmt: skip
    figure.add_bar(
        y=[len(rows)], x=[facts["score"]], orientation="h", width=0.4, marker_color=TIER[facts["tier"]],
    )  # fmt: skip
    ends = [start + before for start, before in zip(starts, befores, strict=True)]
    _still(figure, rows=len(rows) + 1, most=max(facts["score"], total, *ends, *facts["thresholds"].values()) * 1.04)
    for tier in ("watch", "key"):
        at = facts["thresholds"][tier]
        figure.add_shape(
            type="line", x0=at, x1=at, yref="paper", y0=0, y1=1, line={"color": TIER[tier], "width": 1.5, "dash": "dot"}
        )
    return dcc.Graph(id=ids.WHY_BARS, figure=figure, config=STILL, className="why-plot", responsive=True)


def _still(figure: go.Figure, *, rows: int, most: float) -> None:
    quiet(figure, height=28 * rows)
    figure.update_layout(barmode="overlay", margin={"l": 0, "r": 0, "t": 0, "b": 0}, hovermode=False)
    figure.update_xaxes(visible=False, range=[0, most])
    figure.update_yaxes(visible=False, range=[rows - 0.5, -0.5])


def history(facts: Mapping[str, Any], reader: Reader, *, now: datetime) -> dcc.Graph:
    """The score as steps, both thresholds across, and a mark where the tier or the rule became another."""
    rows = facts["history"]
    figure = go.Figure()
    figure.add_scatter(
        x=[_local(at, reader) for at in (*(row["at"] for row in rows), now)], y=[*(row["score"] for row in rows), facts["score"]],
        mode="lines", line={"color": SETTLED, "width": 2, "shape": "hv"}, hoverinfo="skip",
    )  # fmt: skip
    turns = turns_of(rows)
    figure.add_scatter(
        x=[_local(row["at"], reader) for row in turns], y=[row["score"] for row in turns], mode="markers", cliponaxis=False,
        marker={"size": 9, "color": [TIER[row["tier"]] for row in turns], "line": {"color": INK, "width": 1}},
        customdata=[[moment(row["at"], reader.locale, reader.zone), turn_words(row, reader.locale)] for row in turns],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
    )  # fmt: skip
    for tier in ("watch", "key"):
        figure.add_hline(y=facts["thresholds"][tier], line={"color": TIER[tier], "width": 1, "dash": "dot"})
    quiet(figure, height=HISTORY_PX)
    tick = {"zh_CN": "%y/%m"}.get(reader.locale, "%b %y")
    figure.update_xaxes(nticks=4, tickformat=tick)
    figure.update_yaxes(gridcolor=GRID, nticks=4, rangemode="tozero")
    style = {"height": f"{HISTORY_PX / 16}rem"}
    return dcc.Graph(
        id=ids.WHY_HISTORY, figure=figure, config=CONFIG, className="chart-graph", responsive=True, style=style
    )


def _local(at: datetime, reader: Reader) -> datetime:
    return at.astimezone(ZoneInfo(reader.zone))


def turns_of(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Where the tier or the rule became another, with what each was (`from`, `from_rule`); oldest first."""
    turns = []
    for at in range(1, len(rows)):
        before, row = rows[at - 1], rows[at]
        if (before["tier"], before["rule_version"]) != (row["tier"], row["rule_version"]):
            turns.append({**row, "from": before["tier"], "from_rule": before["rule_version"]})
    return turns
