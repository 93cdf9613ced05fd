"""One filter for all: a number, a bar, a line of the legend or a cluster narrows list, map, legend and title together."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.steps.browser import painted, until

ROOT = "532800"
COUNTY = "532801"


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=30_000)


@pytest.fixture
def page(logged_in) -> Page:
    found = logged_in("leader", width=1920, height=1080)
    found.goto("/map")
    painted(found)
    expect(found.locator("#list-open-total")).to_have_text(re.compile(r"\d"))
    return found


def markers_of(page: Page, query: str) -> int:
    return len(page.request.get(f"/api/markers?{query}").json()["items"]["case_no"])


def total_of(page: Page, query: str) -> int:
    return int(page.request.get(f"/api/cases?limit=1&{query}").json()["total"])


def agrees(page: Page, query: str) -> None:
    """List and map show what the API lists."""
    expect(page.locator("#list-open-total")).to_have_text(f"{total_of(page, query):,}")
    until(page, "gridboard.markers()", markers_of(page, query))


def test_a_figure_filters_list_map_legend_and_title_and_one_key_clears(page: Page) -> None:
    everything = markers_of(page, f"area={ROOT}")
    shown = page.locator("#count-overdue").inner_text()
    page.locator("button[data-list=overdue]").click()
    agrees(page, f"area={ROOT}&status=overdue")
    expect(page.locator("#list-open-total")).to_have_text(shown)
    assert markers_of(page, f"area={ROOT}&status=overdue") < everything
    expect(page).to_have_title(re.compile("^超期 · "))
    expect(page.locator("#filter-bar .filter-words")).to_have_text("超期")
    expect(page.locator("#filter-bar .filter-total")).to_have_text(f"{shown} 件")
    assert "list=overdue" in page.url
    kinds = page.locator("#legend [data-entry^='cases:']").filter(has=page.locator(".mark")).locator(".legend-count")
    until(page, "gridboard.page.map.layers.get('cases').size", markers_of(page, f"area={ROOT}&status=overdue"))
    expect(kinds.first).to_be_visible()
    assert sum(int(words.replace(",", "")) for words in kinds.all_inner_texts()) == page.evaluate("gridboard.markers()")
    page.keyboard.press("0")
    expect(page.locator("#filter-bar")).to_be_hidden()
    agrees(page, f"area={ROOT}&status=open")
    assert "list=" not in page.url
    expect(page).to_have_title(re.compile("^(?!超期)"))


def test_back_takes_a_filter_away_and_forward_brings_it(page: Page) -> None:
    page.locator("button[data-list=overdue]").click()
    expect(page.locator("#filter-bar")).to_be_visible()
    page.go_back()
    expect(page.locator("#filter-bar")).to_be_hidden()
    agrees(page, f"area={ROOT}&status=open")
    page.go_forward()
    agrees(page, f"area={ROOT}&status=overdue")


def test_a_shared_link_shows_the_same_and_the_filter_goes_down_with_the_area(page: Page) -> None:
    page.goto("/map?list=overdue&kind=dispute")
    painted(page)
    agrees(page, f"area={ROOT}&status=overdue&kind=dispute")
    page.locator(f"#area-list [data-code='{COUNTY}']").click()
    painted(page, COUNTY)
    agrees(page, f"area={COUNTY}&status=overdue&kind=dispute")
    expect(page.locator("#filter-bar .filter-words")).to_have_text("超期 · 矛盾纠纷")
    page.locator("#filter-bar [data-action=clear-filter]").click()
    agrees(page, f"area={COUNTY}&status=open")


def test_a_line_of_the_legend_filters_by_what_it_names(page: Page) -> None:
    line = page.locator("#legend [data-entry='cases:dispute']")
    shown = int(line.locator(".legend-count").inner_text().replace(",", ""))
    line.click()
    expect(line).to_have_attribute("aria-pressed", "true")
    agrees(page, f"area={ROOT}&status=open&kind=dispute")
    assert page.evaluate("gridboard.markers()") == shown
    expect(page.locator("[data-case-list=list-open] [data-filter=kind][data-value=dispute]")).to_have_attribute(
        "aria-pressed", "true"
    )
    line.click()
    expect(page.locator("#filter-bar")).to_be_hidden()


def test_a_cluster_filters_by_its_place(page: Page) -> None:
    spot = page.evaluate(
        """() => {
            const layer = gridboard.page.map.layers.get('cases');
            const numbers = [...document.querySelectorAll('#list-open [data-case-no]')].map((row) => row.dataset.caseNo);
            const at = numbers.map((no) => gridboard.markerPixel(no)).filter(Boolean);
            const frame = document.querySelector('#map').getBoundingClientRect();
            return at.find(({ x, y }) => {
                const hit = layer.hit(L.point(x - frame.left, y - frame.top));
                return hit?.sum && hit.id !== undefined && document.elementFromPoint(x, y)?.closest('.leaflet-container');
            });
        }"""
    )
    page.mouse.click(spot["x"], spot["y"])
    expect(page).to_have_url(re.compile("box="))
    box = re.search(r"box=([-\d._]+)", page.url)
    assert box
    agrees(page, f"area={ROOT}&status=open&box={box[1].replace('_', ',')}")
    assert page.evaluate("gridboard.markers()") > 0


def test_bars_and_months_open_what_they_counted(page: Page) -> None:
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_attached()
    until(page, "document.querySelectorAll('.js-plotly-plot .point').length > 10")
    bar = page.locator("#categories .point").last
    bar.scroll_into_view_if_needed()
    at = bar.bounding_box()
    assert at
    page.mouse.click(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    expect(page).to_have_url(re.compile("category="))
    door = page.locator(".chart-doors button[data-filter-by^='category=']").first
    counted = re.sub(r"\D", "", door.inner_text().split(" ")[-1])
    expect(page.locator("#list-open-total")).to_have_text(re.compile(rf"^{int(counted):,}$"))
    month = page.locator(".chart-doors button[data-filter-by^='settled=']").first
    month.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("settled="))
    assert "category=" not in page.url
    expect(page.locator("#list-open-total")).to_have_text(f"{int(month.inner_text().split(' ')[-1].replace(',', '')):,}")


def test_what_changed_opens_as_many_as_it_says_and_follows_the_stream(page: Page, logged_in) -> None:
    door = page.locator(".change-door[data-list=new_since]")
    expect(door).to_be_visible()
    before = int(door.locator("strong").inner_text())
    open_before = int(page.locator("#count-open").inner_text())
    door.click()
    expect(page).to_have_url(re.compile("list=new_since"))
    expect(page.locator("#list-open-total")).to_have_text(str(before))
    # as dashboard/panels/changes.py draws it where weeks are known
    page.evaluate(
        "document.querySelector('.door-open').insertAdjacentHTML('beforeend',"
        "'<span class=\"door-unusual\" data-low=\"0\" data-high=\"1\" data-range=\"0–1\"></span>')"
    )
    desk = logged_in("dispatcher")
    token = {"X-CSRF-Token": desk.request.get("/api/session").json()["csrf_token"]}
    like = page.request.get("/api/cases?limit=1").json()["items"][0]
    report = {name: like[name] for name in ("kind", "category", "area")} | {"title": "今日变化的测试案件"}
    assert desk.request.post("/api/cases", data=report, headers=token).status == 201
    expect(page.locator("#count-open")).to_have_text(str(open_before + 1))
    expect(door.locator("strong")).to_have_text(str(before + 1))
    expect(page.locator("#list-open-total")).to_have_text(str(before + 1))
    known = int(page.locator("#count-open ~ .door-change").get_attribute("data-before") or 0)
    expect(page.locator("#count-open ~ .door-unusual")).to_have_text("高于同星期常见范围 0–1")
    expect(page.locator("#count-open ~ .door-change")).to_have_text(f"较昨日8时 +{open_before + 1 - known}")
