"""Drill-down: everything beside the map is about the area in the address, read from one snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output, State, ctx, no_update

from callbacks.reading import moment_of, off_loop, seen
from dashboard import ids
from dashboard.loaders.scene import read_scene
from dashboard.panels import charts, rail, states, topbar
from dashboard.panels.changes import CAME
from dashboard.view_models import Changes, Reader, Scene
from dashboard.words.texts import text
from rules.access import Viewer
from rules.errors import Problem

if TYPE_CHECKING:
    from data.services import Services


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.RAIL, "children"),
        Output(ids.BREADCRUMB, "children"),
        Output(ids.CHARTS_HELD, "data"),
        Output(ids.SCENE, "data"),
        Input(ids.AREA, "data"),
        Input(ids.SCENE_REFRESH, "data"),
        Input(ids.AS_OF, "data"),
        State(ids.PAGE_NAME, "data"),
        State(ids.SCENE_TOLD, "data"),
    )
    async def show_area(
        area: str | None, _refresh: float | None, as_of: str | None, page: str | None, shown: str | None
    ) -> Any:
        again = shown if ctx.triggered_id == ids.SCENE_REFRESH else None
        return await off_loop(area_panels, services, area, compact=page == "dispatch", again=again, as_of=as_of)


def area_panels(
    services: Services, area: str | None, *, compact: bool, again: str | None, as_of: str | None = None
) -> tuple:
    """Rail, breadcrumb, charts and scene of an area. Of the one that is shown already (`again`) no rail: it follows the live
    stream. Dash drops the answer for an area that a refresh overtakes, so the refresh has to be whole then."""

    def draw(viewer: Viewer, reader: Reader) -> tuple:
        scene = read_scene(services, viewer, area, as_of=moment_of(as_of))
        drawn = charts.charts(scene, reader)
        if again == scene.area.code:
            return no_update, no_update, drawn, facts(scene, reader)
        return rail.rail(scene, reader, compact=compact), topbar.breadcrumb(scene.steps), drawn, facts(scene, reader)

    return seen(services, draw, _instead)


def _instead(locale: str, problem: Problem) -> tuple:
    gone = problem.code in ("not_found", "forbidden")
    return [states.not_found(locale) if gone else states.failed(locale)], no_update, [], no_update


def came(changes: Changes | None) -> dict[str, int]:
    """What came since yesterday, by the names of the metrics."""
    return {} if changes is None else {metric: getattr(changes, field) for metric, field in CAME}


def facts(scene: Scene, reader: Reader) -> dict[str, Any]:
    """What the browser's own code works with: the area, the moment, the title."""
    return {
        "area": scene.area.code,
        "leaf": scene.leaf,
        "lang": reader.locale.replace("_", "-"),
        "seq": scene.seq,
        "as_of": scene.as_of.isoformat(),
        "next_due_at": None if scene.next_due_at is None else scene.next_due_at.isoformat(),
        "changes": came(scene.changes),
        "title": f"{scene.area.name} · {text('product', reader.locale)}",
    }

