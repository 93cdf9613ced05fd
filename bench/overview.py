"""The overview in a real browser, cold and warm, and one drill-down."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page, sync_playwright

from bench.figures import Row, percentile
from bench.world import World

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update"
    " --disable-sync"
).split()
PAINTED = """() => new Promise(done => new PerformanceObserver(list => {
    const all = list.getEntries(); done(all[all.length - 1].startTime);
}).observe({type: 'largest-contentful-paint', buffered: true}))"""
MOVED = "() => performance.getEntriesByType('resource').map(one => [one.name, one.transferSize])"
DOWN = """async code => {
    const began = performance.now();
    const painted = new Promise(done => gridboard.page.bus.on('painted', told => told.area === code && done()));
    gridboard.page.address.navigate({area: code}); await painted; return performance.now() - began;
}"""


def measure(world: World) -> Iterator[Row]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
        page.goto(f"{world.url}/login")
        page.fill("input[name=username]", "leader")
        page.fill("input[name=password]", "gridboard")
        page.click("button[type=submit]")
        page.wait_for_url("**/map**")
        page.wait_for_timeout(3000)
        session = page.context.new_cdp_session(page)
        session.send("Network.clearBrowserCache")
        yield from _visit(world, page, "cold", "2500", "600")
        yield from _visit(world, page, "warm", "1000", "")
        yield from _way_down(page)
        browser.close()


def _visit(world: World, page: Page, name: str, goal_ms: str, goal_kb: str) -> Iterator[Row]:
    page.goto("about:blank")
    page.goto(f"{world.url}/map?area=532800")
    page.evaluate("() => gridboard.ready")
    page.wait_for_timeout(1500)
    moved = page.evaluate(MOVED)
    tiles = sum(size for address, size in moved if "/tiles/" in address)
    yield Row("overview", f"{name}: largest paint", page.evaluate(PAINTED), "ms", goal_ms)
    yield Row(
        "overview",
        f"{name}: compressed bytes",
        sum(size for _, size in moved) / 1000,
        "kB",
        goal_kb,
        f"tiles {tiles / 1000:.1f} kB",
    )


def _way_down(page: Page) -> Iterator[Row]:
    taken = []
    for _ in range(5):
        for code in ("532801", "532801001", "532801001003", "532800"):
            taken.append(page.evaluate(DOWN, code))
            page.wait_for_timeout(400)
    yield Row(
        "overview",
        "drill-down: click to painted",
        percentile(taken, 0.95),
        "ms p95",
        "300",
        f"p50 {percentile(taken, 0.5):.0f}",
    )
