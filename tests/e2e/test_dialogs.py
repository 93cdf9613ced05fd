"""Dialogs: focus kept inside and given back, three ways out, messages above them, a place picked on the map meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.steps.browser import painted, until

OPEN = "document.querySelector('dialog[open]')?.id ?? null"


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=30_000)


@pytest.fixture
def desk(logged_in: Callable[..., Page]) -> Page:
    page = logged_in("dispatcher")
    page.goto("/dispatch")
    expect(page.locator(".case-panel.shown .case")).to_be_visible()
    return page


@pytest.fixture
def report(logged_in: Callable[..., Page]) -> Page:
    page = logged_in("dispatcher")
    page.goto("/map?area=532801")
    painted(page, "532801")
    page.locator('.topbar [data-action="open-report"]').click()
    expect(page.locator("#report-place-search")).to_be_focused()
    return page


def choose(page: Page, kind: str = "dispute") -> None:
    """A kind, and the first of its categories."""
    form = page.locator("#report-dialog")
    form.locator(f'label:has([name="kind"][value="{kind}"])').click()
    form.locator(f'[data-kind="{kind}"] label').first.click()


def beside(page: Page) -> tuple[int, int]:
    """A point of the backdrop."""
    box = page.locator("dialog[open]").bounding_box()
    assert box
    return int(box["x"]) - 6, int(box["y"] + box["height"] / 2)


def test_the_focus_stays_inside_and_goes_back_to_where_it_was(desk: Page) -> None:
    button = desk.locator('.topbar [data-action="open-report"]')
    button.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#report-dialog")).to_be_visible()
    for _ in range(40):
        desk.keyboard.press("Tab")
        inside = "document.activeElement === document.body || Boolean(document.activeElement.closest('dialog[open]'))"
        assert desk.evaluate(inside)
    case = desk.url
    desk.keyboard.press("Escape")
    expect(desk.locator("#report-dialog")).to_be_hidden()
    expect(button).to_be_focused()
    assert desk.url == case, "an Escape closes one thing"


def test_a_press_beside_the_card_closes_and_a_drag_that_ends_there_does_not(desk: Page) -> None:
    desk.keyboard.press("?")
    card = desk.locator("#help-dialog")
    expect(card).to_be_visible()
    desk.locator("#help-dialog dd").first.hover()
    desk.mouse.down()
    desk.mouse.move(*beside(desk))
    desk.mouse.up()
    expect(card).to_be_visible()
    desk.mouse.click(*beside(desk))
    expect(card).to_be_hidden()


def test_the_keys_of_the_page_rest_while_a_dialog_is_open(desk: Page) -> None:
    case = desk.url
    desk.keyboard.press("?")
    expect(desk.locator("#help-dialog")).to_be_visible()
    for key in ("d", "n", "j", "Backspace", "/"):
        desk.keyboard.press(key)
    desk.keyboard.press("Control+k")
    until(desk, OPEN, "command-bar")
    expect(desk.locator("#command-words")).to_be_focused()
    desk.keyboard.press("Escape")
    until(desk, OPEN, None)
    assert desk.url == case


def test_a_message_above_an_open_dialog_can_be_pressed(desk: Page) -> None:
    chosen = desk.evaluate("gridboard.page.queue.order")[-2:]
    desk.evaluate("numbers => gridboard.page.store.select(numbers)", chosen)
    desk.keyboard.press("b")
    dialog = desk.locator("#bulk-dialog")
    dialog.locator(".bulk-submit").click()
    expect(dialog.locator(".bulk-row.done")).to_have_count(2)
    desk.locator("#toast .toast-undo").click()
    expect(desk.locator("#toast")).to_contain_text("2")
    expect(dialog).to_be_hidden()
    expect(desk.locator("#toast .toast-item").first).to_be_visible()
    for number in chosen:
        assert desk.request.get(f"/api/cases/{number}").json()["status"] == "waiting"


def test_a_message_outlives_the_dialog_that_it_was_told_in(desk: Page) -> None:
    desk.keyboard.press("?")
    expect(desk.locator("#help-dialog")).to_be_visible()
    desk.evaluate("gridboard.page.toasts.show('told')")
    desk.keyboard.press("Escape")
    expect(desk.locator("#help-dialog")).to_be_hidden()
    expect(desk.locator("#toast")).to_have_text("told")


def fill_in(page: Page) -> Locator:
    choose(page)
    page.locator("#report-title").fill("井盖缺失")
    page.locator("#report-description").fill("人行道上")
    page.locator('[data-action="pick-place"]').click()
    expect(page.locator("#report-dialog")).to_be_hidden()
    return page.locator("#report-dialog")


def is_as_it_was(form: Locator) -> None:
    expect(form).to_be_visible()
    expect(form.locator("#report-title")).to_have_value("井盖缺失")
    expect(form.locator("#report-description")).to_have_value("人行道上")
    expect(form.locator('[data-action="pick-place"]')).to_be_focused()


def test_a_place_is_picked_on_the_map_and_nothing_typed_is_lost(report: Page) -> None:
    form = fill_in(report)
    case = report.url
    report.keyboard.press("Backspace")
    at = report.evaluate("gridboard.pixelOf('532801')")
    report.mouse.click(at["x"], at["y"])
    is_as_it_was(form)
    expect(form.locator(".report-place")).to_have_text(re.compile("网格"))
    assert report.url == case, "neither the key nor the click went anywhere"
    form.locator("#report-submit").click()
    expect(form).to_be_hidden()
    expect(report.locator(".case-panel.shown .case")).to_contain_text("井盖缺失")


def test_an_escape_while_a_place_is_picked_brings_the_form_back(report: Page) -> None:
    form = fill_in(report)
    report.keyboard.press("Escape")
    is_as_it_was(form)
    report.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(report.locator("body")).not_to_have_class(re.compile("picking"))


def test_a_button_over_the_map_leads_back_and_the_map_can_be_moved_meanwhile(report: Page) -> None:
    form = fill_in(report)
    banner = report.locator("#pick-banner")
    expect(banner).to_contain_text("按 Esc 返回")
    at = report.evaluate("gridboard.pixelOf('532801')")
    report.mouse.move(at["x"], at["y"])
    report.mouse.down()
    report.mouse.move(at["x"] + 60, at["y"] + 40, steps=4)
    report.mouse.up()
    report.locator(".map-zoom button").first.click()
    expect(form).to_be_hidden()
    banner.get_by_role("button").click()
    is_as_it_was(form)
    expect(banner).to_be_hidden()
    expect(form.locator(".report-place")).to_have_text("未选地点时归入当前区域")


def test_another_dialog_ends_the_picking(report: Page) -> None:
    fill_in(report)
    report.keyboard.press("Control+k")
    until(report, OPEN, "command-bar")
    expect(report.locator("body")).not_to_have_class(re.compile("picking"))


def test_a_dialog_is_not_printed(desk: Page) -> None:
    desk.keyboard.press("?")
    expect(desk.locator("#help-dialog")).to_be_visible()
    desk.emulate_media(media="print")
    expect(desk.locator("#help-dialog")).to_be_hidden()


def is_report(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/api/cases")


def test_enter_sends_a_report_and_what_is_missing_is_told_beside_its_field(report: Page) -> None:
    form = report.locator("#report-dialog")
    title = form.locator("#report-title")
    title.press("Enter")
    for field in ("kind", "category", "title"):
        expect(form.locator(f"#report-{field}-missing")).to_be_visible()
    expect(form.locator('[name="kind"]').first).to_be_focused()
    choose(report)
    expect(form.locator("#report-kind-missing")).to_be_hidden()
    expect(form.locator("#report-category-missing")).to_be_hidden()
    title.press("Enter")
    expect(title).to_be_focused()
    title.fill("路灯不亮")
    expect(form.locator("#report-title-missing")).to_be_hidden()
    with report.expect_request(is_report) as sent:
        title.press("Enter")
    expect(form).to_be_hidden()
    body = sent.value.post_data_json
    assert (body["kind"], body["severity"], body["source"], body["needs"]) == ("dispute", "minor", "grid_worker", [])
    assert (body["title"], body["area"]) == ("路灯不亮", "532801")


def test_a_report_is_filled_in_by_keys_alone(report: Page) -> None:
    form = report.locator("#report-dialog")
    kinds = form.get_by_role("group", name="种类").get_by_role("radio")
    expect(form.locator("input:checked:is([name=kind], [name=category])")).to_have_count(0)
    kinds.first.focus()
    report.keyboard.press("ArrowRight")
    expect(kinds.nth(1)).to_be_checked()
    report.keyboard.press("Tab")
    categories = form.get_by_role("group", name="类别").get_by_role("radio")
    expect(categories.first).to_be_focused()
    report.keyboard.press("ArrowLeft")
    expect(categories.last).to_be_checked()
    needs = form.get_by_role("group", name="语言或专长").get_by_role("checkbox")
    for place in (0, 1):
        needs.nth(place).focus()
        report.keyboard.press("Space")
        expect(needs.nth(place)).to_be_checked()
    chosen = kinds.nth(1).get_attribute("value"), categories.last.get_attribute("value")
    form.locator("#report-title").fill("燃气味")
    with report.expect_request(is_report) as sent:
        report.keyboard.press("Enter")
    expect(form).to_be_hidden()
    body = sent.value.post_data_json
    assert (body["kind"], body["category"], len(body["needs"])) == (*chosen, 2)


def test_keys_of_the_page_work_while_a_choice_has_the_focus(desk: Page) -> None:
    groups = desk.locator(".segments input")
    groups.first.focus()
    desk.keyboard.press("ArrowRight")
    expect(desk).to_have_url(re.compile("group=area"))
    expect(groups.nth(1)).to_be_focused()
    desk.keyboard.press("g")
    expect(desk).to_have_url(re.compile("group=category"))
    expect(groups.nth(2)).to_be_checked()
