"""Paint, recolour and drag many polygons: our map against stock `dl.GeoJSON`, same shapes, same browser, same run.

A paint is timed on a quiet page, from the wish for the data to the last pixel: requests, parsing and drawing. A recolouring
is timed from the new tiers in the page's memory to the last pixel. Medians of some runs; both servers answer from memory.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.figures import Row
from bench.paint.lattice import Lattice
from bench.paint.sites import ours, served, stock
from bench.world import World

SIZES = (2_200, 20_000, 100_000)
#: Share of the stock layer's time that paint and recolour may take.
GOALS = {20_000: ("0.33", "0.17"), 100_000: ("0.33", "0.17")}
RUNS = 3
VIEW = {"width": 1366, "height": 768}
DRIVE = (Path(__file__).parent / "drive.js").read_text("utf-8")

OURS_PAINT = """() => {
  const began = performance.now();
  window.gridboard.page.map.show('all');
  return window.gridboard.ready.then(() => {
    document.querySelector('.map-canvas').getContext('2d').getImageData(0, 0, 1, 1);
    return performance.now() - began;
  });
}"""
OURS_RECOLOUR = """(tiers) => new Promise((done) => {
  const { map } = window.gridboard.page;
  const names = { k: 'key', w: 'watch', n: 'normal' };
  const began = performance.now();
  tiers.forEach((tier, n) => map.index.put(`c${n}`, { tier: names[tier] }));
  map.repaint('ground');
  requestAnimationFrame(() => {
    document.querySelector('.map-canvas').getContext('2d').getImageData(0, 0, 1, 1);
    done(performance.now() - began);
  });
})"""
STOCK_PAINT = """() => {
  const began = performance.now();
  window.dash_clientside.set_props('cells', { url: '/cells.geojson', data: null });
  return began;
}"""
STOCK_RECOLOUR = """({ tiers, turn }) => {
  const byCode = Object.fromEntries(tiers.map((tier, n) => [`c${n}`, tier]));
  const began = performance.now();
  window.dash_clientside.set_props('cells', { hideout: { tiers: byCode, turn } });
  return began;
}"""
QUIET_MS = 1500

Timed = dict[str, list[float]]


def measure(world: World | None = None) -> Iterator[Row]:
    """Needs nothing of the benchmark's world: the shapes are its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for polygons in SIZES:
            lattice = Lattice.of(polygons)
            yield from _rows(polygons, _run(browser, lattice, ours, _ours), _run(browser, lattice, stock, _stock))
        browser.close()


def _rows(polygons: int, mine: Timed, theirs: Timed) -> Iterator[Row]:
    for place, what in enumerate(("paint", "recolour")):
        here, there = statistics.median(mine[what]), statistics.median(theirs[what])
        yield Row("paint", f"{what} {polygons:,}, ours", here, "ms")
        yield Row("paint", f"{what} {polygons:,}, dl.GeoJSON", there, "ms")
        goal = GOALS.get(polygons, ("", ""))[place]
        yield Row("paint", f"{what} {polygons:,}, share", here / there, "x", goal, "at most")
    for name, frames in (("ours", mine["frames"]), ("dl.GeoJSON", theirs["frames"])):
        goal = "30" if name == "ours" and polygons == 20_000 else ""
        yield Row("paint", f"drag {polygons:,}, {name}", 1000 * len(frames) / sum(frames), "frames/s", goal)


def _run(browser: Browser, lattice: Lattice, site: Callable, timed: Callable[[Page, Lattice, Timed], None]) -> Timed:
    """The first page fills the server's memory and does not count."""
    taken: Timed = {"paint": [], "recolour": [], "frames": []}
    with served(site(lattice)) as url:
        for number in range(RUNS + 1):
            page = browser.new_page(viewport=VIEW, color_scheme="dark", reduced_motion="reduce")
            page.set_default_timeout(120_000)
            page.goto(url)
            counted: Timed = {"paint": [], "recolour": [], "frames": []}
            timed(page, lattice, counted)
            if number:
                for name, values in counted.items():
                    taken[name] += values
            page.close()
    return taken


def _ours(page: Page, lattice: Lattice, taken: Timed) -> None:
    page.wait_for_function("window.gridboard && window.gridboard.page.map && window.gridboard.page.map.scene")
    page.evaluate("window.gridboard.page.live.stop()")
    page.evaluate("window.gridboard.ready")
    page.wait_for_timeout(QUIET_MS)
    taken["paint"].append(page.evaluate(OURS_PAINT))
    page.wait_for_timeout(500)
    for turn in (1, 2):
        taken["recolour"].append(page.evaluate(OURS_RECOLOUR, lattice.tiers(turn)))
    taken["frames"] += _drag(page)


def _stock(page: Page, lattice: Lattice, taken: Timed) -> None:
    def drawn(turn: int, since: float) -> float:
        asked = json.dumps({"n": lattice.n, "turn": turn, "since": since})
        return page.wait_for_function(f"window.bench && window.bench.drawn({asked})", polling=50).json_value()

    page.wait_for_selector("#stock")
    page.wait_for_timeout(QUIET_MS)
    began = page.evaluate(STOCK_PAINT)
    taken["paint"].append(drawn(0, began) - began)
    page.wait_for_timeout(500)
    for turn in (1, 2):
        began = page.evaluate(STOCK_RECOLOUR, {"tiers": lattice.tiers(turn), "turn": turn})
        taken["recolour"].append(drawn(turn, began) - began)
    taken["frames"] += _drag(page)


def _drag(page: Page) -> list[float]:
    """Milliseconds between frames while the map is pulled about with the mouse."""
    page.mouse.move(700, 400)
    page.evaluate(DRIVE)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(700 - 5 * step, 400 + 2 * step)
        page.wait_for_timeout(8)
    page.mouse.up()
    page.wait_for_timeout(200)
    return page.evaluate("window.benchEnd()")
