"""One search in the bar and behind ctrl-K: it finds by number, name and reading, and opening goes there with map and rail."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from data.pinyin import spell_names
from tests.conftest import cloned, opened, settings_for
from tests.e2e.conftest import served

COUNTY, OTHER = "532801", "532823"
PATIENCE_MS = 30_000


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def site(cluster, demo_template) -> Iterator[str]:
    """The demonstration with a county whose name is read otherwise than its characters are elsewhere."""
    for name in cloned(cluster, demo_template):
        database = opened(cluster, name)
        with database.owning() as connection:
            connection.execute(text("UPDATE area SET name = '浚县', short_name = '浚县' WHERE code = '532822'"))
            connection.execute(text("UPDATE area SET names = '{\"zh_CN\": \"浚县\", \"en\": \"Xun\"}' WHERE code = '532822'"))
            spell_names(connection)
        database.close()
        with served(settings_for(cluster, name)) as address:
            yield address


def open_map(page: Page, area: str) -> None:
    page.goto(f"/map?area={area}")
    expect(page.locator("#area-title")).to_have_text(re.compile(r"\S"))
    page.evaluate("gridboard.ready")


def case_in(page: Page, area: str) -> dict:
    found = page.request.get(f"/api/cases?area={area}&status=open&limit=50").json()["items"]
    return next(one for one in found if one["lon"] and one["area"].startswith(area) and len(one["area"]) > 12)


def type_into(page: Page, box: str, words: str) -> None:
    page.keyboard.press("/" if box == "search" else "Control+k")
    expect(page.locator(f"#{box}")).to_be_focused()
    page.keyboard.type(words)


def on_the_map(page: Page, case_no: str) -> bool:
    """Whether the marker of the case stands within the map."""
    return page.evaluate(
        """(no) => {
          const room = document.getElementById('map').getBoundingClientRect();
          const at = gridboard.markerPixel(no);
          return Boolean(at) && at.x > room.left && at.x < room.right && at.y > room.top && at.y < room.bottom;
        }""",
        case_no,
    )


@pytest.mark.parametrize("box", ["search", "command-words"])
def test_a_case_outside_the_area_takes_map_and_rail_along(logged_in, box: str) -> None:
    page = logged_in("leader")
    open_map(page, OTHER)
    case = case_in(page, COUNTY)
    type_into(page, box, case["case_no"].replace("-", ""))
    expect(page.locator(f"[data-found='case:{case['case_no']}']")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"area={case['area']}(&|$)"))
    expect(page).to_have_url(re.compile(f"case={case['case_no']}"))
    expect(page.locator("#breadcrumb [aria-current=page]")).to_have_attribute("data-code", case["area"])
    expect(page.locator(".case-panel.shown .case")).to_have_attribute("data-case-no", case["case_no"])
    expect(page.locator("#area-title")).to_have_text(re.compile(case["area_name"][-4:]))
    page.wait_for_function("(code) => gridboard.area === code", arg=case["area"])
    page.evaluate("gridboard.ready")
    page.wait_for_function("(no) => Boolean(gridboard.markerPixel(no))", arg=case["case_no"])
    assert on_the_map(page, case["case_no"])


def test_a_case_within_the_area_leaves_the_area_alone(logged_in) -> None:
    page = logged_in("leader")
    open_map(page, COUNTY)
    case = case_in(page, COUNTY)
    type_into(page, "search", case["case_no"])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"case={case['case_no']}"))
    expect(page).to_have_url(re.compile(f"area={COUNTY}(&|$)"))


@pytest.mark.parametrize("box", ["search", "command-words"])
@pytest.mark.parametrize("typed", ["xunxian", "xx", "浚", "junxian"])
def test_a_place_is_found_by_how_it_is_read(logged_in, box: str, typed: str) -> None:
    page = logged_in("leader")
    open_map(page, COUNTY)
    type_into(page, box, typed)
    expect(page.locator("[data-found='area:532822']")).to_be_visible()
    page.locator("[data-found='area:532822']").click()
    expect(page).to_have_url(re.compile("area=532822"))
    expect(page.locator("#area-title")).to_have_text("浚县")


def test_words_apart_find_a_case_by_its_place_and_its_title(logged_in) -> None:
    page = logged_in("leader")
    open_map(page, OTHER)
    case = case_in(page, COUNTY)
    type_into(page, "search", f"{case['title'][-2:]} 景洪市 {case['title'][:2]}")
    row = page.locator("#search-results .found").first
    expect(row.locator(".found-place")).to_have_text(re.compile("景洪市"))
    expect(row.locator(".found-kind")).to_have_text(re.compile(r"\S"))


def test_the_map_flies_to_a_body_and_back_again_by_the_address(logged_in) -> None:
    page = logged_in("leader")
    open_map(page, OTHER)
    type_into(page, "search", "景洪市 派出所")
    row = page.locator("[data-found^='organisation:'], [data-found^='place:']").first
    expect(row).to_be_visible()
    name = row.locator(".found-title").inner_text()
    row.click()
    expect(page).to_have_url(re.compile(r"at=\d+\.\d+,"))
    expect(page.locator(".found-pin-name")).to_have_text(name)
    expect(page.locator(".found-pin")).to_be_in_viewport()
    page.reload()
    expect(page.locator(".found-pin")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator(".found-pin")).to_have_count(0)
    assert "at=" not in page.url


def test_the_box_of_the_bar_is_a_combobox(logged_in) -> None:
    page = logged_in("leader")
    open_map(page, COUNTY)
    box, rows = page.locator("#search"), page.locator("#search-results .found")
    expect(box).to_have_attribute("role", "combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    type_into(page, "search", "景洪")
    expect(rows.nth(1)).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_have_attribute("aria-activedescendant", "search-results-0")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "search-results-1")
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("景洪")
    expect(page).to_have_url(re.compile(f"area={COUNTY}"))
    page.keyboard.press("ArrowDown")
    expect(rows.first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    expect(box).not_to_be_focused()


def test_enter_before_the_answer_means_what_is_about_to_be_found(logged_in) -> None:
    page = logged_in("leader")
    open_map(page, OTHER)
    type_into(page, "search", "jhs")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"area={COUNTY}"))


def test_nothing_and_no_answer_are_told(logged_in) -> None:
    page = logged_in("leader")
    open_map(page, COUNTY)
    type_into(page, "search", "无此名称者")
    expect(page.locator(".found-note[data-state=known]")).to_be_visible()
    page.route("**/api/search*", lambda route: route.abort())
    page.keyboard.type("甲")
    expect(page.locator(".found-note[data-state=failed]")).to_be_visible()
    page.unroute("**/api/search*")
    page.keyboard.press("Enter")
    expect(page.locator(".found-note[data-state=known]")).to_be_visible()


def test_the_bar_finds_commands_as_ctrl_k_does(logged_in) -> None:
    page = logged_in("dispatcher")
    page.goto("/dispatch")
    expect(page.locator("#list-waiting [data-case-no]").first).to_be_visible()
    expect(page.locator(".case-panel.shown .case")).to_be_visible()
    type_into(page, "search", "refer_up")
    expect(page.locator("#search-results [data-found='move:refer_up']")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".move-form[data-form=refer_up]")).to_be_visible()
