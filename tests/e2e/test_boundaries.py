"""New boundaries under open pages: taken in place, painted at the next zoom, without a reload and without a storm of 404."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from playwright.sync_api import Page, expect
from shapely.geometry import mapping as geojson_of
from sqlalchemy import text

from data.database import SYSTEM, Database
from imports import import_areas
from tests.conftest import cloned, opened, settings_for
from tests.e2e.conftest import served

ROOT = "532800"
COUNTY = "532801"
PATIENCE_S = 40.0
#: Whether every tile that the map shows is there, of the version that the page knows, and holds something where the root does.
PAINTED = """() => {
  const { map } = gridboard.page;
  if (!map || !map.scene || map.tiles.pending || map.isMoving) { return false; }
  const known = gridboard.page.store.state.config.boundaries.levels;
  const size = map.leaflet.getSize();
  const { left, top } = map.leaflet.getContainer().getBoundingClientRect();
  const seen = [0.3, 0.5, 0.7].map((part) => gridboard.areaAt(size.x * part + left, size.y * part + top));
  const shown = [map.scene.own, ...map.scene.areaLevels];
  return shown.every(({ level, version }) => version === known[level]) && seen.some(Boolean);
}"""


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=PATIENCE_S * 1000)


@pytest.fixture(scope="module")
def database(cluster, demo_template) -> Iterator[Database]:
    for name in cloned(cluster, demo_template):
        made = opened(cluster, name)
        made.settings = settings_for(cluster, name)  # type: ignore[attr-defined]
        yield made
        made.close()


@pytest.fixture(scope="module")
def site(database) -> Iterator[str]:
    with served(database.settings) as address:
        yield address


def until(page: Page, question: str, wanted: Any = True) -> Any:
    deadline = time.monotonic() + PATIENCE_S
    while (answer := page.evaluate(question)) != wanted:
        assert time.monotonic() < deadline, f"{question} stays {answer!r}, not {wanted!r}"
        page.wait_for_timeout(100)
    return answer


def renewed(database: Database, tmp_path: Path, name: str, shrink: float) -> None:
    """The county again, under another name, with less of it in the west."""
    with database.reading(SYSTEM) as connection:
        row = connection.execute(text("SELECT ST_AsBinary(geom) FROM area WHERE code = :code"), {"code": COUNTY}).one()
    shape = shapely.from_wkb(bytes(row[0]))
    west, south, east, north = shape.bounds
    cut = shape.intersection(shapely.box(west + shrink, south, east, north))
    feature = {
        "type": "Feature",
        "properties": {"code": COUNTY, "name": name, "name_en": name, "name_zh_CN": name},
        "geometry": geojson_of(cut),
    }
    file = tmp_path / f"{abs(hash(name))}.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    report = import_areas(database, [file])
    assert report.changed["geometry"] == 1


def tile_faults(page: Page) -> list[str]:
    found: list[str] = []
    page.on("response", lambda answer: found.append(answer.url) if "/tiles/" in answer.url and answer.status == 404 else None)
    return found


def opened_map(logged_in, address: str) -> Page:
    page = logged_in("leader")
    page.goto(address)
    until(page, "Boolean(window.gridboard && gridboard.page.map && gridboard.page.map.scene)")
    page.evaluate("gridboard.ready")
    until(page, PAINTED)
    page.evaluate("window.sameDocument = true")
    return page


def zoom(page: Page, by: int) -> None:
    page.evaluate("by => gridboard.page.map.leaflet.setZoom(gridboard.page.map.leaflet.getZoom() + by, { animate: false })", by)


def versions(page: Page) -> dict[str, int]:
    return page.evaluate("gridboard.page.store.state.config.boundaries.levels")


@pytest.mark.parametrize("address", ["/map", "/wall"])
def test_an_open_page_takes_new_boundaries_in_place(logged_in, database, tmp_path, address) -> None:
    page = opened_map(logged_in, address)
    before, faults = versions(page), tile_faults(page)
    renewed(database, tmp_path, f"Renewed for {address}", 0.01)
    until(page, f"gridboard.page.store.state.config.boundaries.levels.county === {before['county'] + 1}")
    until(page, PAINTED)
    zoom(page, 1)
    until(page, PAINTED)
    zoom(page, 2)
    until(page, PAINTED)
    assert versions(page) == before | {"county": before["county"] + 1}
    assert page.evaluate("window.sameDocument") is True
    assert len(faults) <= 8  # those that were on their way, never a storm
    asked = len(faults)
    zoom(page, -1)
    until(page, PAINTED)
    assert len(faults) == asked
    assert page.evaluate(f"gridboard.page.map.index.get('{COUNTY}').name") == f"Renewed for {address}"


def test_the_rail_and_the_map_have_the_new_name(logged_in, database, tmp_path) -> None:
    page = opened_map(logged_in, "/map")
    renewed(database, tmp_path, "Nova Comarca", 0.01)
    expect(page.locator(f"#area-list [data-code='{COUNTY}']")).to_contain_text("Nova Comarca")
    until(page, f"gridboard.page.map.index.get('{COUNTY}').name", "Nova Comarca")
    assert page.evaluate("window.sameDocument") is True


def test_what_is_drawn_stays_until_the_new_tiles_are_there(logged_in, database, tmp_path) -> None:
    page = opened_map(logged_in, "/map")
    version = versions(page)["county"]
    held: list[Any] = []
    holding = [True]
    page.route(
        f"**/tiles/county/{version + 1}/**", lambda route: held.append(route) if holding[0] else route.continue_()
    )
    at = page.evaluate(f"gridboard.pixelOf('{COUNTY}')")
    renewed(database, tmp_path, "Held back", 0.01)
    until(page, f"gridboard.page.store.state.config.boundaries.levels.county === {version + 1}")
    until(page, "gridboard.page.map.scene.areaLevels.some((areaLevel) => areaLevel.level === 'county' && areaLevel.version === "
          "gridboard.page.store.state.config.boundaries.levels.county)")  # fmt: skip
    until(page, "gridboard.page.map.tiles.pending > 0")
    assert held
    assert page.evaluate("at => gridboard.areaAt(at.x, at.y)", at) == COUNTY
    holding[0] = False
    for route in held:
        route.continue_()
    until(page, PAINTED)
    assert page.evaluate("at => gridboard.areaAt(at.x, at.y)", at) == COUNTY


def test_a_page_that_the_stream_does_not_reach_asks_when_a_tile_is_gone(logged_in, database, tmp_path) -> None:
    page = logged_in("leader")
    page.route("**/api/live**", lambda route: route.abort())
    page.goto("/map")
    until(page, "Boolean(window.gridboard && gridboard.page.map && gridboard.page.map.scene)")
    page.evaluate("gridboard.ready")
    until(page, PAINTED)
    before = versions(page)["county"]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/api/client") else None)
    renewed(database, tmp_path, "Not told", 0.01)
    zoom(page, 3)
    until(page, f"gridboard.page.store.state.config.boundaries.levels.county === {before + 1}")
    until(page, PAINTED)
    assert 1 <= len(asked) <= 3
