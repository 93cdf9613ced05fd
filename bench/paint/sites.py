"""The two pages that are compared: our map over prepared tiles, and stock `dl.GeoJSON` over prepared GeoJSON. No database."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import dash_leaflet as dl
import uvicorn
from dash import Dash, dcc, html
from fastapi import FastAPI, Response

from bench.paint.lattice import EAST, NORTH, SOUTH, WEST, Lattice
from bench.world import free_port
from dashboard.grid_map import grid_map
from dashboard.pages import shell
from layers import boundaries

ASSETS = Path(__file__).resolve().parents[2] / "dashboard" / "assets"
WORDS = {"tier.mark.key": "K", "tier.mark.watch": "W"}
NOTHING = {"type": "FeatureCollection", "features": []}
SCREEN = {"width": "100%", "height": "100vh"}
KEPT = {"Cache-Control": "no-store"}


def _json(body: Any) -> Response:
    return Response(json.dumps(body), media_type="application/json", headers=KEPT)


def ours(lattice: Lattice) -> FastAPI:
    """Our boundaries alone; every answer is made once, so that no server's work is measured."""
    server = FastAPI()
    _answers(server, lattice)
    page = Dash("ours", server=server, backend="fastapi", assets_folder=str(ASSETS), index_string=shell.INDEX,
                **shell.LISTED_ASSETS)  # type: ignore[arg-type]  # fmt: skip
    page.layout = html.Div([dcc.Location(id="url", refresh=False), html.Div(grid_map("en"), style=SCREEN)])
    return server


def _answers(server: FastAPI, lattice: Lattice) -> None:
    levels = [
        {"code": "area", "depth": 0, "name": "Area", "boundary_version": 1},
        {"code": "cell", "depth": 1, "name": "Cell", "boundary_version": 1},
    ]
    config = {
        "user": {"name": "bench"}, "locale": "en", "texts": WORDS, "levels": levels, "root": "start", "csrf_token": "",
        "theme_colours": {"dark": {}, "light": {}}, "layers": [asdict(boundaries.LAYER)], "map": {"tile_url": None},
    }  # fmt: skip
    area = {"code": "all", "name": "Area", "level": "area", "parent": None, "tier": None}
    here, elsewhere = [WEST, SOUTH, EAST, NORTH], [WEST + 20, SOUTH, EAST + 20, NORTH]
    # without names: the other side writes none either
    n, codes = lattice.n, [lattice.code(i, j) for j in range(lattice.high) for i in range(lattice.wide)]
    centres = [lattice.centre(i, j) for j in range(lattice.high) for i in range(lattice.wide)]
    columns = {
        "area": "all", "level": "cell", "boundary_version": 1, "seq": 1, "as_of": "2026-01-01T00:00:00Z",
        "id": list(range(2, n + 2)), "code": codes, "name": [""] * n, "tier": lattice.tiers(0), "open": [0] * n,
        "waiting": [0] * n, "lon": [x for x, _ in centres], "lat": [y for _, y in centres], "child": codes,
    }  # fmt: skip
    start = {name: values[:1] if isinstance(values, list) else values for name, values in columns.items()}
    tiers = {"all": json.dumps(columns), "start": json.dumps(start)}

    server.get("/api/client")(lambda: _json(config))
    server.get("/api/areas/all")(lambda: _json({**area, "bbox": here}))
    # where the page waits until it is quiet
    server.get("/api/areas/start")(lambda: _json({**area, "code": "start", "bbox": elsewhere}))
    server.get("/api/tiers")(lambda area: Response(tiers[area], media_type="application/json", headers=KEPT))
    tile = cache(lattice.tile)

    @server.get("/tiles/{level}/1/{z}/{x}/{y}.mvt")
    def tiles(level: str, z: int, x: int, y: int) -> Response:
        return Response(tile(level, z, x, y), media_type="application/vnd.mapbox-vector-tile", headers=KEPT)


def stock(lattice: Lattice) -> FastAPI:
    """`dl.GeoJSON` as its documentation has it for many polygons: an address, and a map that prefers canvas."""
    server = FastAPI()
    body = lattice.geojson()
    server.get("/cells.geojson")(lambda: Response(body, media_type="application/json", headers=KEPT))
    page = Dash("stock", server=server, backend="fastapi", assets_folder=str(Path(__file__).parent / "assets"))
    cells = dl.GeoJSON(id="cells", data=NOTHING, style={"variable": "bench.style"}, hideout={"tiers": None, "turn": 0})
    view = dl.Map(
        cells, preferCanvas=True, zoomSnap=0.25, bounds=[[SOUTH, WEST], [NORTH, EAST]], style=SCREEN, id="stock"
    )
    page.layout = html.Div([dcc.Location(id="url", refresh=False), view])
    return server


@contextlib.contextmanager
def served(app: FastAPI) -> Iterator[str]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
