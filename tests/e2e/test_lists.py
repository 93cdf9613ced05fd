"""The lists beside the map: columns that follow the person, the keyboard, files and paper."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.steps.browser import until

OPEN = "[data-case-list=list-open]"
PATIENCE_MS = 30_000


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def leader(logged_in) -> Callable[..., Page]:
    """A page of the leader with the lists as they are for everybody."""

    def open_page(query: str = "", **size: int) -> Page:
        page = logged_in("leader", **size)
        assert page.request.delete("/api/profile/lists/open", headers=token_of(page)).ok
        return open_map(page, query)

    return open_page


def speak(page: Page, locale: str) -> None:
    assert page.request.post("/api/locale", data={"locale": locale}, headers=token_of(page)).ok


def token_of(page: Page) -> dict[str, str]:
    return {"X-CSRF-Token": page.request.get("/api/session").json()["csrf_token"]}


def open_map(page: Page, query: str = "") -> Page:
    page.goto(f"/map{query}")
    expect(page.locator("#list-open-total")).to_have_text(re.compile(r"\d"))
    expect(page.locator("#list-open .case-row[data-case-no]").first).to_be_visible()
    return page


def headings(page: Page) -> list[str]:
    shown = page.locator(f"{OPEN} [role=columnheader]:not([hidden])")
    return shown.evaluate_all("all => all.map((one) => one.dataset.column)")


def kept(page: Page, press: str) -> None:
    """Presses what changes the columns, until the server has it."""
    with page.expect_response(lambda answer: "/api/profile/lists/open" in answer.url) as answered:
        page.locator(f"{OPEN} {press}").click()
    assert answered.value.ok


def open_choice(page: Page) -> None:
    page.locator(f"{OPEN} [data-action=toggle-list-more]").click()


def column(name: str, act: str = "choose-column") -> str:
    return f".list-more [data-column={name}] [data-action={act}]"


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.dataset.key || document.activeElement.dataset.sort || ''"))


def test_columns_and_order_follow_the_person_and_can_be_reset(logged_in) -> None:
    page = open_map(logged_in("leader"))
    usual = headings(page)
    assert usual == ["mark", "case", "clock"]
    open_choice(page)
    for name in ("holder", "status", "mark"):
        kept(page, column(name))
    kept(page, column("status", "column-earlier"))
    kept(page, "[data-sort=title]")
    chosen = ["case", "clock", "status", "holder"]
    assert headings(page) == chosen
    row = page.locator("#list-open .case-row[data-case-no]").first
    expect(row.locator("[role=gridcell]")).to_have_count(4)
    expect(row.locator(".row-status")).to_have_count(0)
    page.reload()
    expect(row).to_be_visible()
    assert headings(page) == chosen
    elsewhere = logged_in("leader")
    with elsewhere.expect_response(lambda answer: "/api/cases" in answer.url and "sort=title" in answer.url):
        open_map(elsewhere)
    assert headings(elsewhere) == chosen
    expect(elsewhere.locator(f"{OPEN} .column-case")).to_have_attribute("aria-sort", "ascending")
    assert headings(open_map(logged_in("dispatcher"))) == usual
    open_choice(page)
    kept(page, "[data-action=reset-columns]")
    assert headings(page) == usual
    expect(page.locator(f"{OPEN} .column-case")).to_have_attribute("aria-sort", "none")
    assert headings(open_map(logged_in("leader"))) == usual


def test_the_last_column_stays(leader) -> None:
    page = leader()
    open_choice(page)
    for name in ("mark", "clock"):
        kept(page, column(name))
    page.locator(f"{OPEN} {column('case')}").click()
    expect(page.locator(".toast-item.bad")).to_be_visible()
    assert headings(page) == ["case"]


def test_a_list_is_one_stop_of_the_tab_key_and_all_of_it_is_reached(leader) -> None:
    page = leader()
    stops = page.locator(f"{OPEN} .list-grid [tabindex='0']")
    expect(stops).to_have_count(1)
    order = page.evaluate("gridboard.page.caseLists.order('list-open')")
    rows = page.locator("#list-open")
    rows.locator(f"[data-key='{order[0]}']").focus()
    page.keyboard.press("PageDown")
    further = order.index(focused(page))
    assert further > 1
    page.keyboard.press("PageUp")
    assert focused(page) == order[0]
    page.keyboard.press("End")
    assert focused(page) == order[-1]
    expect(stops).to_have_count(1)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    assert focused(page) == order[1]
    for key, wanted in (("ArrowUp", order[0]), ("ArrowUp", "severity"), ("ArrowRight", "title"), ("End", "due_at"),
                        ("Home", "severity"), ("ArrowDown", order[0])):  # fmt: skip
        page.keyboard.press(key)
        assert focused(page) == wanted
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"case={order[0]}"))


def test_an_empty_list_can_be_reached_too(leader) -> None:
    page = leader()
    page.locator(f"{OPEN} [data-action=toggle-filters]").click()
    page.locator(f"{OPEN} #list-open-query").fill("没有这样的案件")
    expect(page.locator("#list-open-total")).to_have_text("0")
    expect(page.locator(f"{OPEN} .list-grid [tabindex='0']")).to_have_attribute("data-sort", "severity")


def test_roles_of_a_grid(leader) -> None:
    page = leader()
    grid = page.get_by_role("grid", name="未结案件")
    expect(grid).to_have_attribute("aria-rowcount", str(1 + int(page.locator("#list-open-total").inner_text().replace(",", ""))))
    expect(grid.get_by_role("columnheader")).to_have_count(3)
    expect(grid.locator("#list-open .case-row").first).to_have_attribute("aria-rowindex", "2")
    cells = grid.locator("#list-open .case-row[data-case-no]").first.get_by_role("gridcell")
    expect(cells).to_have_count(3)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_file_has_what_is_filtered_and_shown(leader, suffix: str) -> None:
    page = leader("?area=532801")
    page.locator(f"{OPEN} [data-action=toggle-filters]").click()
    page.locator(f"{OPEN} [data-filter=kind][data-value=dispute]").click()
    expect(page.locator("#list-open .mark:not(.mark-dispute)")).to_have_count(0)
    total = int(page.locator("#list-open-total").inner_text())
    open_choice(page)
    kept(page, column("holder"))
    with page.expect_download() as saved:
        page.locator(f"{OPEN} [data-file={suffix}]").click()
    assert re.fullmatch(rf"案件-.+-\d{{8}}\.{suffix}", saved.value.suggested_filename)
    content = saved.value.path().read_bytes()
    if suffix == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        rows = [list(row) for row in load_workbook(io.BytesIO(content)).worksheets[0].values]
    assert rows[0] == ["程度", "种类", "案号", "标题", "地点", "状态", "到期时间", "上报时间", "承办单位"]
    assert len(rows) == 1 + total > 1 and {row[1] for row in rows[1:]} == {"矛盾纠纷"}
    assert [row[2] for row in rows[1:4]] == page.evaluate("gridboard.page.caseLists.order('list-open')")[:3]
    expect(page.locator(".toast-item")).to_contain_text(saved.value.suggested_filename)


def test_a_refused_file_says_why(leader) -> None:
    page = leader()
    problem = {"code": "list_too_long", "status": 422, "title": "x", "detail": "列表共 20,001 件"}
    page.route("**/api/export/cases.xlsx*", lambda route: route.fulfill(status=422, json=problem))
    open_choice(page)
    button = page.locator(f"{OPEN} [data-file=xlsx]")
    button.click()
    expect(page.locator(".toast-item.bad")).to_contain_text("列表共 20,001 件")
    expect(button).to_be_enabled()


def test_paper_comes_in_a_page_of_its_own(leader) -> None:
    page = leader("?area=532801")
    page.context.add_init_script("window.print = () => { window.printed = true; };")
    open_choice(page)
    with page.context.expect_page() as opened:
        page.locator(f"{OPEN} [data-action=print-list]").click()
    paper = opened.value
    until(paper, "window.printed === true")
    total = int(page.locator("#list-open-total").inner_text().replace(",", ""))
    expect(paper.locator("tbody tr")).to_have_count(min(total, 1000))
    expect(paper.locator("h1")).to_contain_text("景洪市")
    expect(paper.locator(".facts")).to_contain_text("未结")
    expect(paper.locator(".synthetic")).to_be_visible()


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_row_says_its_status_whole(logged_in, locale: str) -> None:
    page = logged_in("leader", width=1366, height=768)
    speak(page, locale)
    open_map(page)
    cut = page.locator(".case-rows .row-status").evaluate_all(
        "all => all.filter((one) => one.scrollWidth > one.clientWidth"
        " || one.getBoundingClientRect().right > one.closest('.row-text').getBoundingClientRect().right + 0.5)"
        ".map((one) => one.textContent)"
    )
    titles = page.locator(".case-rows .row-text").evaluate_all("all => all.map((one) => one.clientWidth)")
    speak(page, "zh_CN")
    assert cut == [] and min(titles) > 110


def test_what_is_to_be_filed_has_its_columns_too(leader) -> None:
    page = leader()
    open_choice(page)
    kept(page, column("clock"))
    page.locator("[data-turn=to_file]").click()
    expect(page).to_have_url(re.compile("list=to_file"))
    expect(page.locator("#list-open .row-status").first).to_have_text(re.compile("已办结|已回访"))
    kept(page, column("clock"))
    expect(page.locator(f"{OPEN} .column-clock .list-column")).to_have_text("办结时间")
    with page.expect_response(lambda answer: "sort=settled_at" in answer.url):
        page.locator(f"{OPEN} [data-sort=settled_at]").click()
    with page.expect_download() as saved:
        page.locator(f"{OPEN} [data-file=csv]").click()
    heading, *rows = csv.reader(io.StringIO(saved.value.path().read_bytes().decode("utf-8-sig")))
    assert heading[-1] == "办结时间" and len(rows) == int(page.locator("#list-open-total").inner_text())


def test_nothing_is_taken_away_where_no_case_can_be_both(leader) -> None:
    page = leader("?list=overdue")
    waiting = page.locator("[data-case-list=list-waiting]")
    waiting.locator("[data-action=toggle-list-more]").click()
    with page.expect_download() as saved:
        waiting.locator("[data-file=csv]").click()
    lines = saved.value.path().read_bytes().decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + int(page.locator("#list-waiting-total").inner_text())
    page.goto("/map?list=settled_month")
    expect(page.locator("#list-waiting-total")).to_have_text("0")
    waiting.locator("[data-action=toggle-list-more]").click()
    waiting.locator("[data-file=csv]").click()
    expect(page.locator(".toast-item.bad")).to_be_visible()
