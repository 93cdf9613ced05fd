"""One coloured level: named on the map, the same on every screen, met by the pointer, chosen by a switch in the address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.steps.browser import painted, until

ROOT = "532800"
FILLED = "gridboard.page.map.ground.areaLevel.level"
#: A place whose coloured area is key while the child of the present area that holds it is not, free of markers.
RED = """() => {
    const { map } = gridboard.page;
    const { left, top } = map.leaflet.getContainer().getBoundingClientRect();
    const reds = [...map.ground.areaLevel.child.keys()].filter((code) => map.index.tierOf(code) === 'key');
    for (const code of reds) {
        const { lat, lon } = map.index.get(code);
        const point = map.leaflet.latLngToContainerPoint([lat, lon]);
        const over = document.elementFromPoint(left + point.x, top + point.y);
        const child = map.ground.areaAt({ lat, lng: lon });
        const free = over?.closest('.leaflet-container') && !over.closest('.map-legend') && !map.layers.hits(point).length;
        if (free && map.index.tierOf(child) !== 'key' && map.ground.shownAt({ lat, lng: lon }) === code) {
            return { code, child, x: left + point.x, y: top + point.y, name: map.index.get(code).name };
        }
    }
}"""


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=30_000)


def opened(logged_in, width: int, height: int, query: str = "") -> Page:
    page = logged_in("leader", width=width, height=height)
    page.goto(f"/map{query}")
    painted(page)
    return page


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_pointing_at_red_says_so(logged_in, width: int, height: int) -> None:
    page = opened(logged_in, width, height)
    level = page.evaluate(FILLED)
    names = {one["code"]: one["name"] for one in page.request.get("/api/client").json()["levels"]}
    expect(page.locator("#map-level option:checked")).to_have_text(f"自动（{names[level]}）")
    red = page.evaluate(RED)
    page.mouse.move(red["x"], red["y"])
    tag = page.locator(".map-tag")
    expect(tag.locator("strong")).to_have_text(red["name"])
    expect(tag.locator(".tier-text-key")).to_have_text("重点")
    expect(tag).to_contain_text(names[level])
    page.screenshot(path=f"/tmp/level{width}.png")
    page.keyboard.down("Control")
    page.mouse.click(red["x"], red["y"])
    page.keyboard.up("Control")
    painted(page, red["code"])


def test_the_level_is_the_same_on_every_screen(logged_in) -> None:
    found = {opened(logged_in, *size).evaluate(FILLED) for size in ((1366, 768), (1920, 1080), (390, 844))}
    assert len(found) == 1


def test_a_chosen_level_is_in_the_address_and_is_what_a_click_opens(logged_in) -> None:
    page = opened(logged_in, 1920, 1080)
    page.locator("#map-level").select_option("township")
    until(page, FILLED, "township")
    expect(page).to_have_url(re.compile("level=township"))
    expect(page.locator("#legend .legend-title").filter(has_text="乡")).to_be_visible()
    page.reload()
    painted(page)
    until(page, FILLED, "township")
    code = page.evaluate(
        """() => {
            const { map } = gridboard.page;
            return [...map.ground.areaLevel.child.keys()].find((one) => {
                const at = gridboard.pixelOf(one);
                const free = at && document.elementFromPoint(at.x, at.y)?.tagName !== 'BUTTON';
                const { left, top } = map.leaflet.getContainer().getBoundingClientRect();
                return free && !map.layers.hits(L.point(at.x - left, at.y - top)).length;
            });
        }"""
    )
    at = page.evaluate("code => gridboard.pixelOf(code)", code)
    page.mouse.click(at["x"], at["y"])
    painted(page, code)
    page.go_back()
    painted(page, ROOT)
    page.go_back()
    expect(page).not_to_have_url(re.compile("level="))
    until(page, f"{FILLED} !== 'township'")


def test_the_worst_places_of_the_coloured_level_are_doors(logged_in) -> None:
    page = opened(logged_in, 1920, 1080)
    rows = page.locator("#worst-places .worst-row")
    expect(rows.first).to_be_visible()
    assert set(rows.evaluate_all("rows => rows.map((row) => row.dataset.tier)")) <= {"key", "watch"}
    assert rows.first.get_attribute("data-tier") == "key"
    code = rows.first.get_attribute("data-go-area")
    rows.first.click()
    painted(page, code)
