"""Tiers: grids scored again, and a rule that is tried, alone and in a real browser from the question to the last pixel. No
database takes part: worlds are invented, and once warm."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import orjson
from fastapi import Response
from playwright.sync_api import Browser, sync_playwright

from analysis.tier_scores import NONE_BEFORE
from bench.figures import Row, percentile
from bench.overview import CHROMIUM, FLAGS
from bench.paint import OURS_PAINT, QUIET_MS, VIEW
from bench.paint.lattice import Lattice
from bench.paint.sites import ours, served
from bench.world import World
from data.commands.tier_rules import default_document
from data.queries.tier_rules import tried_on
from data.queries.tier_world import TierWorld, Uppers
from rules.tier_rule import Exposure, TierRule, parse

GROUP = "tiers"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
TWO_YEARS_S = 730 * 86400
#: Cases of two years for each grid, as in the demonstration.
CASES_A_GRID = 10
MOVES = 40
#: As rules/rule_trial.mjs and rules_page.mjs do it, from the request to the last pixel.
MOVED = """async (keyFrom) => {
  const began = performance.now();
  const answer = await (await fetch(`/api/rules/preview?key_from=${keyFrom}`, { method: 'POST' })).json();
  const names = { k: 'key', w: 'watch', n: 'normal' };
  const { map } = window.gridboard.page;
  map.tryOn(new Map(answer.tiers.tier.map((tier, n) => [`c${n}`, names[tier]])));
  await new Promise((done) => requestAnimationFrame(done));
  document.querySelector('.map-canvas').getContext('2d').getImageData(0, 0, 1, 1);
  return performance.now() - began;
}"""
CATEGORIES = np.array([f"c{n}" for n in range(20)])


def measure(world: World) -> Iterator[Row]:
    rule = parse(default_document())
    made = invented(1_000_000, cases_a_grid=2)
    name = "1,000,000 grids with 2,000,000 cases scored again"
    yield _row(name, lambda made=made: made.scores(rule, NOW), "3000")
    for grids, goal in ((2_200, "200"), (100_000, "1000")):
        made = invented(grids, cases_a_grid=CASES_A_GRID)
        yield _row(f"a rule tried on {grids:,} grids: computed and encoded", lambda made=made: _tried(made, rule), goal)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for grids, goal in ((2_200, "200"), (100_000, "1000")):
            taken = _in_browser(browser, grids, rule)
            note = f"{len(taken)} moves; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
            yield Row(GROUP, f"{grids:,} grids, released to painted: p50", percentile(taken, 0.5), "ms", "", note)
            yield Row(GROUP, f"{grids:,} grids, released to painted: p95", percentile(taken, 0.95), "ms", goal, note)
        browser.close()


def _in_browser(browser: Browser, grids: int, rule: TierRule) -> list[float]:
    """Our map over a lattice; every answer is computed anew by a threshold that moves."""
    lattice = Lattice.of(grids)
    made, site = invented(lattice.n, cases_a_grid=CASES_A_GRID), ours(lattice)

    @site.post("/api/rules/preview")
    def preview(key_from: float) -> Response:
        return Response(_tried(made, replace(rule, key_from=key_from)), media_type="application/json")

    with served(site) as url:
        page = browser.new_page(viewport=VIEW, color_scheme="dark", reduced_motion="reduce")
        page.set_default_timeout(120_000)
        page.goto(url)
        page.wait_for_function("window.gridboard && window.gridboard.page.map && window.gridboard.page.map.scene")
        page.evaluate("window.gridboard.page.live.stop()")
        page.evaluate(OURS_PAINT)
        page.wait_for_timeout(QUIET_MS)
        taken = [page.evaluate(MOVED, 20 + 20 * (n % 7) / 7) for n in range(MOVES + 2)][2:]
        page.close()
    return taken


def _tried(made: TierWorld, rule: TierRule) -> bytes:
    return orjson.dumps(tried_on(made, rule, NOW))


def _row(name: str, act: Callable[[], object], goal: str, *, times: int = 5) -> Row:
    """The best of some runs: what else the machine does only ever adds."""
    act()
    taken = []
    for _ in range(times):
        began, worked = time.perf_counter(), time.process_time()
        act()
        taken.append((time.perf_counter() - began, time.process_time() - worked))
    best, processor = min(taken)
    note = f"processor {processor * 1000:.0f} ms; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    return Row(GROUP, name, best * 1000, "ms", goal, note)


def invented(grids: int, *, cases_a_grid: int) -> TierWorld:
    random = np.random.default_rng(2026)
    cases = grids * cases_a_grid
    reported = NOW.timestamp() - random.uniform(0, TWO_YEARS_S, cases)
    tier = random.choice(np.array([0, 1, 2], dtype=np.int8), grids, p=(0.8, 0.16, 0.04))
    first = np.arange(0, grids, 20)
    return TierWorld(
        codes=[f"532800{n:09d}" for n in range(grids)],
        uppers=Uppers([f"v{n:09d}" for n in range(len(first))], first, np.minimum(first + 20, grids)),
        exposures={one: random.uniform(100, 900, grids) for one in Exposure if one != Exposure.none},
        tier=tier,
        computed=tier,
        score=np.zeros(grids),
        held=np.full(grids, NONE_BEFORE, dtype=np.int8),
        held_until=np.full(grids, np.inf),
        grid=random.integers(0, grids, cases),
        facts={
            "kind": random.choice(np.array(["dispute", "incident", "hazard", "request"]), cases),
            "category": random.choice(CATEGORIES, cases),
            "source": random.choice(np.array(["resident", "police_110"]), cases),
            "severity": random.choice(np.array(["minor", "major", "grave"]), cases),
            "three_class": random.random(cases) < 0.1,
        },
        reported=reported,
        settled=reported + random.exponential(20 * 86400, cases),
        dropped=np.full(cases, np.inf),
        places=(random.integers(0, grids, grids // 2), random.choice(np.array(["school", "bar"]), grids // 2)),
        figures={"caseload": random.integers(0, 30, grids).astype(float)},
    )
