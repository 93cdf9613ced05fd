"""Emerging clusters on the map: a ring that says what is unusual, and opens its cases in list, map and address."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from data.commands import scans
from tests.conftest import DEMO_NOW, cloned, opened, settings_for
from tests.e2e.conftest import served
from tests.steps.browser import asked


@pytest.fixture(scope="module")
def site(cluster, demo_template) -> Iterator[str]:
    for name in cloned(cluster, demo_template):
        database = opened(cluster, name)
        number, _ = scans._begin(database, DEMO_NOW, "system")
        scans.run(database, number, DEMO_NOW)
        database.close()
        with served(settings_for(cluster, name)) as address:
            yield address


def on_the_ring(page: Page, code: str) -> tuple[float, float]:
    """A point of the ring round an area, looked for from its middle outwards."""
    middle = page.evaluate("code => window.gridboard.pixelOf(code)", code)
    tag = page.locator(".tag-head", has_text="异常聚集")
    for away in range(0, 160, 4):
        for x, y in ((away, 0), (-away, 0), (0, away), (0, -away)):
            page.mouse.move(middle["x"] + x, middle["y"] + y)
            if tag.count():
                return middle["x"] + x, middle["y"] + y
    raise AssertionError("no ring there")


def test_a_ring_says_what_is_unusual_and_opens_its_cases(logged_in) -> None:
    page = logged_in("leader", width=1920, height=1080)
    page.goto("/map")
    page.evaluate("window.gridboard.ready")
    items = asked(page, "GET", "/api/clusters")["items"]
    strongest = items[0]
    page.goto(f"/map?area={strongest['areas'][0][:9]}")
    page.evaluate("window.gridboard.ready")
    x, y = on_the_ring(page, strongest["areas"][0])
    page.mouse.click(x, y)
    expect(page).to_have_url(re.compile(r"[?&]cluster=\d+"))
    number = re.search(r"cluster=(\d+)", page.url)
    assert number
    listed = asked(page, "GET", f"/api/cases?cluster={number[1]}")
    expect(page.locator("#list-open [data-case-no]").first).to_be_visible()
    expect(page.locator("#filter-bar")).to_contain_text("乱点内的案件")
    assert listed["total"] == next(one["observed"] for one in items if str(one["id"]) == number[1])
    page.keyboard.press("0")
    expect(page).not_to_have_url(re.compile(r"cluster="))


def test_its_toggle_takes_it_off_the_map(logged_in) -> None:
    page = logged_in("leader", width=1920, height=1080)
    page.goto("/map")
    line = page.locator("#legend [data-entry='clusters:cluster']")
    expect(line).to_have_count(1)
    page.keyboard.press("l")
    page.locator("#layer-toggle-clusters").click()
    expect(line).to_have_count(0)
