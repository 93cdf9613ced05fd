"""What people do on the pages: log in, drill, open a count, search, dispatch by keys, change language and theme."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.steps.browser import until

ROOT = "532800"
COUNTY = "532801"
# The first page of a fresh process compiles and loads everything; a slow machine takes its time.
PATIENCE_MS = 30_000


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=PATIENCE_MS)


def number(page: Page, selector: str) -> int:
    return int(re.sub(r"\D", "", page.locator(selector).inner_text()))


def total_of(page: Page, name: str) -> int:
    expect(page.locator(f"#{name}-total")).to_have_text(re.compile(r"\d"))
    return number(page, f"#{name}-total")


def open_map(page: Page, query: str = "") -> None:
    page.goto(f"/map{query}")
    expect(page.locator("#area-title")).to_have_text(re.compile(r"\S"))
    expect(page.locator("#list-open-total")).to_have_text(re.compile(r"\d"))


def test_login_leads_to_the_page_of_the_role(site: str, browser) -> None:
    page = browser.new_page(base_url=site)
    page.goto("/map")
    expect(page).to_have_url(re.compile("/login"))
    page.fill("[name=username]", "dispatcher")
    page.fill("[name=password]", "gridboard")
    page.press("[name=password]", "Enter")
    expect(page).to_have_url(re.compile("/(dispatch|map)"))
    page.goto("/")
    expect(page).to_have_url(re.compile("/dispatch"))
    expect(page.locator("#list-waiting [data-case-no]").first).to_be_visible()
    page.close()


def test_counts_are_as_long_as_their_lists(logged_in) -> None:
    page = logged_in("leader")
    open_map(page)
    assert number(page, "#count-open") == total_of(page, "list-open")
    assert number(page, "#count-waiting") == total_of(page, "list-waiting")
    for name, element in (("overdue", "#count-overdue"), ("settled_month", "#count-settled-month"), ("to_file", "#count-to-file")):
        page.locator(f"button[data-list={name}]").click()
        expect(page).to_have_url(re.compile(f"list={name}"))
        shown = page.locator(element).inner_text()
        expect(page.locator("#list-open-total")).to_have_text(shown)


def test_what_is_to_be_filed_has_a_list_of_its_own(logged_in) -> None:
    page = logged_in("leader")
    open_map(page, "?list=to_file")
    opened, filed = page.locator("[data-turn=open]"), page.locator("[data-turn=to_file]")
    expect(filed).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#list-open")).to_have_attribute("aria-label", "待归档案件")
    expect(page.locator("#list-open-total")).to_have_text(page.locator("#count-to-file").inner_text())
    assert number(page, "#count-to-file") > 0
    for row in page.locator("#list-open .row-place").all_inner_texts():
        assert row.endswith(("已办结", "已回访")), row
    expect(page.locator("[data-case-list=list-open] [data-sort=settled_at]")).to_have_text("办结时间")
    parts = [int(words) for words in page.locator("#area-list .area-to-file").all_inner_texts()]
    assert sum(parts) == number(page, "#count-to-file")
    opened.click()
    expect(opened).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-case-list=list-open] [data-sort=due_at]")).to_have_text("时限")
    expect(page.locator("#list-open-total")).to_have_text(page.locator("#count-open").inner_text())
    filed.press("Enter")
    expect(page).to_have_url(re.compile("list=to_file"))


def test_open_cases_of_children_and_unlocated_ones_add_up(logged_in) -> None:
    page = logged_in("leader")
    open_map(page)
    parts = [int(words.split("·")[0]) for words in page.locator("#area-list .area-count").all_inner_texts()]
    unlocated = page.locator("#count-unlocated")
    parts += [int(unlocated.inner_text())] if unlocated.count() else []
    assert sum(parts) == number(page, "#count-open")


def test_drill_by_list_breadcrumb_and_back(logged_in) -> None:
    page = logged_in("leader")
    open_map(page)
    row = page.locator(f"#area-list [data-code='{COUNTY}']")
    name = row.locator(".area-name").inner_text()
    row.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"area={COUNTY}"))
    expect(page.locator("#area-title")).to_have_text(name)
    expect(page.locator("#breadcrumb .crumb")).to_have_count(2)
    page.locator("#breadcrumb .crumb").first.click()
    expect(page).to_have_url(re.compile(f"area={ROOT}"))
    expect(page.locator("#breadcrumb .crumb")).to_have_count(1)
    page.go_back()
    expect(page.locator("#area-title")).to_have_text(name)


def test_arrow_keys_move_in_the_area_list(logged_in) -> None:
    page = logged_in("leader")
    open_map(page)
    page.locator("#area-list .area-row").first.focus()
    page.keyboard.press("ArrowDown")
    second = page.locator("#area-list .area-row").nth(1)
    expect(second).to_be_focused()
    code = second.get_attribute("data-code")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"area={code}"))
    expect(page.locator("#breadcrumb .crumb")).to_have_count(2)
    page.keyboard.press("Backspace")
    expect(page).to_have_url(re.compile(f"area={ROOT}"))


def test_search_goes_to_an_area_by_initials(logged_in) -> None:
    page = logged_in("leader")
    open_map(page)
    page.keyboard.press("/")
    page.keyboard.type("jhs")
    expect(page.locator("#search-results .found").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("area=532801"))


def test_a_case_is_dispatched_by_keys_and_taken_back(logged_in) -> None:
    page = logged_in("dispatcher")
    page.goto("/dispatch")
    panel = page.locator(".case-panel.shown .case")
    expect(panel).to_be_visible()
    before = number(page, "#count-waiting")
    case_no = panel.get_attribute("data-case-no")
    options = page.locator("#assign-to input")
    expect(options.first).to_be_checked()
    if options.count() > 1:
        page.keyboard.press("2")
        expect(options.nth(1)).to_be_checked()
    page.keyboard.press("d")
    if options.count() > 1:
        expect(page.locator("#choice-dialog")).to_be_visible()
        page.keyboard.press("1")
    expect(page.locator("#toast")).to_contain_text(str(case_no))
    expect(page.locator("#count-waiting")).to_have_text(str(before - 1))
    expect(page.locator(f"#list-waiting [data-case-no='{case_no}']")).to_have_count(0)
    expect(panel).not_to_have_attribute("data-case-no", str(case_no))
    page.keyboard.press("u")
    expect(panel).to_have_attribute("data-case-no", str(case_no))
    expect(panel).to_have_attribute("data-status", "waiting")
    expect(page.locator("#count-waiting")).to_have_text(str(before))


def test_the_loser_of_a_race_sees_who_was_first(logged_in) -> None:
    page, other = logged_in("dispatcher"), logged_in("dispatcher")
    page.goto("/dispatch")
    panel = page.locator(".case-panel.shown .case")
    expect(panel).to_be_visible()
    case_no, version = panel.get_attribute("data-case-no"), int(str(panel.get_attribute("data-version")))
    token = other.request.get("/api/session").json()["csrf_token"]
    to = other.request.get(f"/api/cases/{case_no}/recommendations").json()["items"][-1]["organisation"]
    # The screen of the first dispatcher hears nothing of it before it sends its own choice.
    page.evaluate("gridboard.page.live.stop()")
    answer = other.request.post(
        f"/api/cases/{case_no}/moves",
        data={"move": "dispatch", "version": version, "to": to},
        headers={"X-CSRF-Token": token},
    )
    assert answer.ok, answer.text()
    page.locator("#assign-submit").click(timeout=PATIENCE_MS)
    expect(page.locator(".case-message")).to_contain_text(answer.json()["holder"]["name"])
    expect(panel).to_have_attribute("data-status", "dispatched")


def test_language_switch_changes_every_word(logged_in) -> None:
    page = logged_in("leader")
    open_map(page)
    page.locator("[data-action=language]").click()
    expect(page.locator(".door-open .door-name")).to_have_text("Open")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("[data-action=language]").click()
    expect(page.locator(".door-open .door-name")).to_have_text("未结")


def test_theme_is_switched_and_remembered(logged_in) -> None:
    page = logged_in("leader")
    open_map(page)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_case_page_shows_stages_and_trace(logged_in) -> None:
    page = logged_in("leader")
    open_map(page)
    case_no = page.locator("#list-open [data-case-no]").first.get_attribute("data-case-no")
    page.goto(f"/case/{case_no}")
    expect(page.locator(".stage-line .stage")).to_have_count(6)
    expect(page.locator(".trace-entry").first).to_be_visible()
    picture = page.locator(".route-map.route-dark")
    picture.scroll_into_view_if_needed()
    until(page, "document.querySelector('.route-map.route-dark').naturalWidth > 0")
    page.goto("/case/20000101-532801-99999")
    expect(page.locator(".state-not-found")).to_be_visible()


def test_lists_are_filtered_and_sorted_by_the_server(logged_in) -> None:
    page = logged_in("leader")
    open_map(page)
    everything = total_of(page, "list-open")
    section = page.locator("[data-case-list=list-open]")
    section.locator("[data-action=toggle-filters]").click()
    with page.expect_response(lambda answer: "/api/cases?status=open&kind=dispute" in answer.url) as answered:
        section.locator("[data-filter=kind][data-value=dispute]").click()
    found = answered.value.json()
    assert 0 < found["total"] < everything
    assert {case["kind"] for case in found["items"]} == {"dispute"}
    expect(page.locator("#list-open-total")).to_have_text(str(found["total"]))
    with page.expect_response(lambda answer: "/api/cases" in answer.url and "sort=title" in answer.url):
        section.locator("[data-sort=title]").click()


def test_a_reported_case_opens_and_shows_text_as_text(logged_in) -> None:
    page = logged_in("dispatcher")
    page.goto("/dispatch")
    expect(page.locator("#list-waiting-total")).to_have_text(re.compile(r"\d"))
    before = number(page, "#count-open")
    page.locator("[data-action=open-report]").click()
    expect(page.locator("#report-place-search")).to_be_focused()
    page.locator('#report-dialog label:has([value="dispute"])').click()
    page.locator('#report-dialog [data-kind="dispute"] label').first.click()
    page.fill("#report-title", "<img src=x onerror=alert(1)>")
    page.fill("#report-description", "<script>window.ran = true</script>")
    page.locator("#report-submit").click()
    expect(page.locator(".case-panel .case-title")).to_have_text("<img src=x onerror=alert(1)>")
    expect(page.locator("#count-open")).to_have_text(str(before + 1))
    assert page.evaluate("window.ran") is None
    page.locator(".case-buttons [data-move=accept]").click()
    expect(page.locator(".case-panel .case")).to_have_attribute("data-status", "accepted")


def test_the_wall_shows_figures_and_no_case(logged_in) -> None:
    page = logged_in("leader", width=1920, height=1080)
    page.goto("/wall?distance=6&pitch=1.2")
    expect(page.locator("#wall-open")).to_have_text(re.compile(r"\d"))
    summary = page.request.get(f"/api/areas/{ROOT}/summary").json()
    assert number(page, "#wall-open") == summary["open"]
    assert number(page, "#wall-to-file") == summary["to_file"]
    assert number(page, "#wall-tier-key") == summary["tiers"]["key"]
    assert page.locator(".wall [data-case-no]").count() == 0


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (3840, 1080), (1080, 1920), (390, 844)])
def test_a_wall_of_any_shape_has_its_map_and_a_head_without_overlaps(logged_in, width: int, height: int) -> None:
    page = logged_in("leader", width=width, height=height)
    page.goto("/wall")
    expect(page.locator("#wall-open")).to_have_text(re.compile(r"\d"))
    page.evaluate("document.getElementById('area-title').textContent = 'A name that is longer than any head of a wall '.repeat(4)")
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [width, height]
    title, facts, room = (page.locator(part).bounding_box() for part in (".wall-title", ".wall-facts", ".wall-map"))
    assert title and facts and room
    beside, below = title["x"] + title["width"] <= facts["x"], title["y"] + title["height"] <= facts["y"]
    assert beside or below
    assert room["x"] + room["width"] <= width + 4 and room["width"] * room["height"] > 0.4 * width * height


def test_a_role_without_cases_is_told_so(logged_in) -> None:
    page = logged_in("admin")
    page.goto("/map")
    expect(page.locator("[data-case-list=list-open] .list-empty")).to_be_visible()
    page.goto("/dispatch")
    expect(page.locator(".state")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080), (3840, 1080), (390, 844)])
def test_nothing_runs_out_of_the_page(logged_in, width: int, height: int) -> None:
    page = logged_in("dispatcher", width=width, height=height)
    page.goto("/dispatch")
    expect(page.locator("#list-waiting-total")).to_have_text(re.compile(r"\d"))
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
