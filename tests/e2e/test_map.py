"""The map in a real browser: painted, asked, clicked by pixel, drawn on by the stream; nothing from another host."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.steps.browser import PATIENCE_S, click_area, painted, until

ROOT = "532800"
COUNTY = "532801"


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=PATIENCE_S * 1000)


@pytest.fixture
def opened(logged_in: Callable[..., Page], site: str) -> Callable[..., Page]:
    """`opened("leader", "/map")`: a page whose map is painted; another host or an error in the console fails the test."""
    pages: list[tuple[Page, list[str], list[str]]] = []

    def open_map(username: str = "leader", address: str = "/map", **size: int) -> Page:
        page = logged_in(username, **size)
        foreign: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: foreign.append(request.url) if is_foreign(request.url, site) else None)
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.goto(address)
        painted(page)
        pages.append((page, foreign, said))
        return page

    yield open_map  # type: ignore[misc]
    for _page, foreign, said in pages:
        assert foreign == []
        assert said == []


def is_foreign(address: str, site: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != urlsplit(site).netloc


def view(page: Page) -> list[float]:
    return page.evaluate(
        "(() => { const m = gridboard.page.map.leaflet, c = m.getCenter(); return [c.lat, c.lng, m.getZoom()]; })()"
    )


def api(page: Page, method: str, path: str, body: dict | None = None) -> dict:
    token = page.request.get("/api/session").json()["csrf_token"]
    answer = page.request.fetch(path, method=method, data=body, headers={"X-CSRF-Token": token})
    assert answer.ok, answer.text()
    return answer.json()


def test_every_child_is_where_the_map_says(opened) -> None:
    page = opened()
    children = page.request.get(f"/api/areas/{ROOT}/children").json()["items"]
    assert page.evaluate("gridboard.area") == ROOT
    for child in children:
        at = page.evaluate("code => gridboard.pixelOf(code)", child["code"])
        assert page.evaluate("([x, y]) => gridboard.areaAt(x, y)", [at["x"], at["y"]]) == child["code"]
        assert page.evaluate("code => gridboard.tierOf(code)", child["code"]) == child["tier"]


def test_the_point_of_an_area_is_free_of_markers_and_tools(opened) -> None:
    page = opened("leader", f"/map?area={COUNTY}")
    children = page.request.get(f"/api/areas/{COUNTY}/children").json()["items"]
    taken = """code => {
      const at = gridboard.pixelOf(code), room = document.getElementById('map').getBoundingClientRect();
      const cases = gridboard.page.map.layers.get('cases');
      return Boolean(cases.hit(L.point(at.x - room.left, at.y - room.top)));
    }"""
    assert [child["code"] for child in children if page.evaluate(taken, child["code"])] == []
    own = page.evaluate("code => gridboard.pixelOf(code)", COUNTY)
    assert page.evaluate("([x, y]) => gridboard.areaAt(x, y)", [own["x"], own["y"]]).startswith(COUNTY)
    click_area(page, children[0]["code"])
    painted(page, children[0]["code"])


def test_a_click_goes_down_to_the_grid_and_backspace_comes_up(opened) -> None:
    page = opened("leader", f"/map?area={ROOT}&layers=boundaries")
    way = [ROOT]
    for _level in range(4):
        children = page.request.get(f"/api/areas/{way[-1]}/children").json()["items"]
        way.append(children[len(children) // 2]["code"])
        click_area(page, way[-1])
        painted(page, way[-1])
        assert f"area={way[-1]}" in page.url
    expect(page.locator("#breadcrumb .crumb")).to_have_count(5)
    page.keyboard.press("Backspace")
    painted(page, way[-2])


def test_markers_are_the_open_cases_with_a_place(opened) -> None:
    page = opened()
    items = page.request.get(f"/api/markers?area={ROOT}").json()["items"]
    assert page.evaluate("gridboard.markers()") == len(items["case_no"])


def test_a_marker_opens_its_case(opened) -> None:
    page = opened("dispatcher", "/map")
    case_no = page.request.get("/api/cases?status=waiting&limit=1").json()["items"][0]["case_no"]
    page.goto(f"/map?case={case_no}")
    painted(page)
    at = until_marker(page, case_no)
    page.goto("/map")
    painted(page)
    page.evaluate("no => gridboard.page.address.navigate({ case: no })", case_no)
    at = until_marker(page, case_no)
    page.mouse.click(at["x"], at["y"])
    expect(page.locator(".case-panel.shown .case")).to_have_attribute("data-case-no", case_no)


def until_marker(page: Page, case_no: str) -> dict:
    deadline = time.monotonic() + PATIENCE_S
    while not (at := page.evaluate("no => gridboard.markerPixel(no)", case_no)):
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)
    return at


def test_a_new_case_appears_and_nothing_moves(opened) -> None:
    page = opened("dispatcher", "/map")
    expect(page.locator("#live-status")).to_have_attribute("data-state", "live")
    before, at = page.evaluate("gridboard.markers()"), view(page)
    grid = page.request.get(f"/api/tiers?area={COUNTY}&level=grid").json()
    report = {
        "kind": "hazard",
        "category": page.request.get("/api/cases?kind=hazard&limit=1").json()["items"][0]["category"],
        "title": "护栏缺失",
        "description": "路口护栏缺失",
        "lon": grid["lon"][0],
        "lat": grid["lat"][0],
        "severity": "grave",
        "source": "inspection",
    }
    made = api(page, "POST", "/api/cases", report)
    until(page, "gridboard.markers()", before + 1)
    assert (
        page.evaluate("no => gridboard.page.map.layers.get('cases').get(no).severity", made["case_no"]) == "grave"
    )
    assert view(page) == at


def test_shift_drag_chooses_the_waiting_cases_in_the_box(opened) -> None:
    page = opened("dispatcher", "/map", width=1920, height=1080)
    room = page.locator("#map").bounding_box()
    page.keyboard.down("Shift")
    page.mouse.move(room["x"] + 5, room["y"] + 5)
    page.mouse.down()
    page.mouse.move(room["x"] + room["width"] / 2, room["y"] + room["height"] / 2)
    page.mouse.move(room["x"] + room["width"] - 5, room["y"] + room["height"] - 5)
    page.mouse.up()
    page.keyboard.up("Shift")
    markers = page.request.get(f"/api/markers?area={ROOT}").json()["items"]
    waiting = sorted(
        no for no, status in zip(markers["case_no"], markers["status"], strict=True) if status == "waiting"
    )
    assert sorted(page.evaluate("gridboard.page.store.state.selection")) == waiting
    expect(page.locator("#tray")).to_be_visible(visible=len(waiting) > 1)


def test_layers_and_legend_lines_switch_what_they_name(opened) -> None:
    page = opened("leader", "/map", width=1920, height=1080)
    toggle = page.locator("#layer-toggle-cases")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#legend [data-entry='cases:dispute']")).to_be_visible()
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#legend [data-entry='cases:dispute']")).to_have_count(0)
    assert "layers=" in page.url
    page.reload()
    painted(page)
    expect(page.locator("#layer-toggle-cases")).to_have_attribute("aria-pressed", "false")
    line = page.locator("#legend [data-entry='boundaries:watch']")
    line.click()
    expect(line).to_have_attribute("aria-pressed", "false")


def test_legend_counts_the_polygons_that_are_filled(opened) -> None:
    page = opened("leader", "/map", width=1920, height=1080)
    level = page.evaluate("gridboard.page.map.ground.fillLevel().level")
    tiers = page.request.get(f"/api/tiers?area={ROOT}&level={level}").json()["tier"]
    shown = page.locator("#legend [data-entry='boundaries:watch'] .legend-count")
    expect(shown).to_have_text(f"{tiers.count('w'):,}")


def test_the_theme_recolours_without_asking_for_tiles_again(opened) -> None:
    page = opened()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/tiles/" in request.url else None)
    dark = page.evaluate("document.querySelector('canvas.map-canvas').toDataURL().length")
    page.keyboard.press("t")
    until(page, f"document.querySelector('canvas.map-canvas').toDataURL().length !== {dark}")
    assert asked == []


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768), (3840, 1080)])
def test_the_whole_area_is_in_view_on_every_screen(opened, width: int, height: int) -> None:
    page = opened("leader", "/map", width=width, height=height)
    inside = page.evaluate(
        "(() => { const s = gridboard.page.map, [w, S, e, n] = s.scene.facts.bbox;"
        " return s.leaflet.getBounds().contains([[S, w], [n, e]]); })()"
    )
    assert inside
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_tier_that_changes_recolours_its_grid_in_place(opened) -> None:
    page = opened("leader", f"/map?area={COUNTY}")
    grid = page.request.get(f"/api/tiers?area={COUNTY}&level=grid").json()
    at = grid["tier"].index("n")
    before = view(page)
    # told and asked in one breath: the first snapshot reads the true tier again
    told = "code => { gridboard.page.bus.emit('tier', { code, tier: 'key', score: 80 }); return gridboard.tierOf(code); }"
    assert page.evaluate(told, grid["code"][at]) == "key"
    assert view(page) == before


def test_the_last_of_two_quick_choices_counts(opened) -> None:
    page = opened()
    page.evaluate("code => { gridboard.page.address.navigate({ area: code }); }", COUNTY)
    page.evaluate("code => { gridboard.page.address.navigate({ area: code }); }", ROOT)
    page.evaluate("gridboard.ready")
    page.wait_for_timeout(1000)
    assert page.evaluate("gridboard.page.map.scene.code") == page.evaluate("gridboard.area") == ROOT


def test_both_lists_come_with_the_area_in_one_answer(opened) -> None:
    page = opened()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/cases?" in request.url else None)
    with page.expect_response(lambda response: "first-pages" in (response.request.post_data or "")):
        click_area(page, COUNTY)
    counts = page.request.get(f"/api/areas/{COUNTY}/summary").json()
    expect(page.locator("#list-open-total")).to_have_text(f"{counts['open']:,}")
    expect(page.locator("#list-waiting-total")).to_have_text(f"{counts['waiting']:,}")
    expect(page.locator("#list-waiting .case-row").first).to_be_visible()
    assert asked == []


def test_lists_whose_callback_is_not_answered_are_asked_of_the_api(opened) -> None:
    page = opened()

    def leave(route: Route) -> None:
        if "first-pages" not in (route.request.post_data or ""):
            route.continue_()

    page.route("**/_dash-update-component*", leave)
    click_area(page, COUNTY)
    counts = page.request.get(f"/api/areas/{COUNTY}/summary").json()
    expect(page.locator("#list-open-total")).to_have_text(f"{counts['open']:,}")
    expect(page.locator("#list-waiting-total")).to_have_text(f"{counts['waiting']:,}")


def test_a_callback_says_which_level_is_filled_and_what_is_kept_free(opened) -> None:
    page = opened()
    filled = "gridboard.page.map.ground.areaLevel.level"
    by_zoom = page.evaluate(filled)
    assert by_zoom != "county"
    page.evaluate("dash_clientside.set_props('map', { level: 'county' })")
    until(page, filled, "county")
    page.evaluate("dash_clientside.set_props('map', { level: null })")
    until(page, filled, by_zoom)
    before = view(page)
    page.evaluate("dash_clientside.set_props('map', { padding: [0, 0, 0, 300] })")
    page.evaluate("gridboard.page.map.fit()")
    after = view(page)
    assert after[1] < before[1] and after[2] < before[2], "smaller, and further to the right"


def test_many_cases_at_one_point_are_a_list_by_pointer_and_keys(opened) -> None:
    page = opened("dispatcher", "/map")
    grid = page.request.get(f"/api/tiers?area={COUNTY}&level=grid").json()
    area, lon, lat = grid["code"][3], grid["lon"][3], grid["lat"][3]
    category = page.request.get("/api/cases?kind=hazard&limit=1").json()["items"][0]["category"]
    report = {"kind": "hazard", "category": category, "title": "高空坠物", "lon": lon, "lat": lat, "severity": "minor"}
    numbers = [api(page, "POST", "/api/cases", report)["case_no"] for _ in range(26)]
    page.goto(f"/map?area={area}")
    painted(page, area)
    page.evaluate(f"gridboard.page.map.view.goTo([{lat}, {lon}], 17)")
    until(page, "gridboard.page.map.zoom", 17)
    until(page, "gridboard.page.map.isMoving", wanted=False)
    page.wait_for_timeout(300)
    at = until_marker(page, numbers[0])
    assert page.evaluate("no => gridboard.markerPixel(no)", numbers[25]) == at, "one marker for all of them"
    page.mouse.click(at["x"], at["y"])
    rows = page.locator(".chooser .chooser-row")
    expect(rows.first).to_be_focused()
    assert {row.get_attribute("data-case-no") for row in rows.all()} >= set(numbers)
    page.keyboard.press("Escape")
    expect(page.locator(".chooser")).to_have_count(0)
    page.mouse.click(at["x"], at["y"])
    second = rows.nth(1).get_attribute("data-case-no")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".case-panel.shown .case")).to_have_attribute("data-case-no", second or "")
    expect(page.locator(".chooser")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_three_hundred_cases_at_one_point_have_a_row_each_or_stand_in_the_list(opened, width: int, height: int) -> None:
    page = opened("leader", f"/map?area={COUNTY}", width=width, height=height)

    def crowd(route: Route) -> None:
        answer = route.fetch()
        items = answer.json()["items"]
        one = next(n for n, lon in enumerate(items["lon"]) if lon)
        many = {name: [column[one]] * 300 for name, column in items.items()}
        many["case_no"] = [f"C-{n:03}" for n in range(300)]
        route.fulfill(response=answer, json={"items": many})

    page.route("**/api/markers*", crowd)
    page.reload()
    painted(page, COUNTY)
    until(page, "gridboard.markers()", 300)
    lon, lat = page.evaluate("(() => { const c = gridboard.page.map.layers.get('cases').get('C-000'); return [c.lon, c.lat]; })()")
    page.evaluate(f"gridboard.page.map.view.goTo([{lat}, {lon}], 17)")
    until(page, "gridboard.page.map.zoom", 17)
    until(page, "gridboard.page.map.isMoving", wanted=False)
    page.wait_for_timeout(300)
    at = until_marker(page, "C-000")
    page.mouse.click(at["x"], at["y"])
    chooser = page.locator(".chooser")
    expect(chooser.locator(".chooser-row").first).to_be_focused()
    assert chooser.locator(".chooser-row").count() == 200
    inside = page.locator("#map").bounding_box()
    box = chooser.bounding_box()
    assert inside and box and inside["y"] <= box["y"] and box["y"] + box["height"] <= inside["y"] + inside["height"]
    assert inside["x"] <= box["x"] and box["x"] + box["width"] <= inside["x"] + inside["width"]
    page.keyboard.press("End")
    expect(chooser.locator(".chooser-more")).to_be_focused()
    page.keyboard.press("Enter")
    expect(chooser).to_have_count(0)
    expect(page).to_have_url(re.compile("box="))
    expect(page.locator("#filter-bar")).to_be_visible()


def test_who_may_not_see_markers_is_not_asked_to(opened) -> None:
    """An admin's map has areas and no cases, and nothing is refused behind it."""
    page = opened("admin", "/map")
    layers = page.request.get("/api/client").json()["layers"]
    assert [layer["id"] for layer in layers if layer["id"] in ("cases", "boundaries")] == ["boundaries"]
    assert page.evaluate("gridboard.markers()") == 0
