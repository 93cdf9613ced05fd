"""Repeat disputes in the browser: a list in the rail and chains on the map, each opens exactly its cases."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.steps.browser import asked, painted, until

ROOT = "532800"
LAYER = "gridboard.page.map.layers.get('repeat_chains')"


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=30_000)


def test_a_chain_of_the_list_opens_its_cases_and_the_map_draws_it(logged_in) -> None:
    page: Page = logged_in("leader", width=1920, height=1080)
    page.goto("/map")
    painted(page)
    found = asked(page, "GET", f"/api/repeats?area={ROOT}")["items"]
    page.locator("#repeat-list summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#repeat-list .rail-size")).to_have_text(f"{len(found):,}")
    row = page.locator("#repeat-list [data-filter-cases]").first
    row.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#list-open-total")).to_have_text(str(len(found[0]["cases"])))
    expect(row).to_have_attribute("aria-pressed", "true")
    until(page, "gridboard.markers()", len(found[0]["cases"]))
    lon, lat = found[0]["points"][0]
    page.evaluate("([lat, lon]) => gridboard.page.map.view.goTo([lat, lon], 15)", [lat, lon])
    until(page, f"{LAYER}.counts().chain", len(found))
    expect(page.locator("#legend [data-entry='repeat_chains:chain']")).to_have_count(1)
    page.keyboard.press("0")
    expect(row).to_have_attribute("aria-pressed", "false")


def test_an_area_without_repeats_says_so(logged_in) -> None:
    page: Page = logged_in("leader")
    page.goto("/map")
    painted(page)
    leaves = asked(page, "GET", f"/api/tiers?area={ROOT}&level=grid")["code"]
    empty = next(code for code in leaves if not asked(page, "GET", f"/api/repeats?area={code}")["items"])
    page.goto(f"/map?area={empty}")
    painted(page, empty)
    expect(page.locator("#repeat-list .rail-size")).to_have_text("0")
    page.locator("#repeat-list summary").click()
    expect(page.locator("#repeat-list .state-hint")).to_have_text("没有重复纠纷")
