"""The handlers' page on a phone: sign, start, record, settle, return; and all of it without a connection."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.steps.browser import PASSWORD, dispatched

PHONE = {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=30_000)


@pytest.fixture
def phone(logged_in: Callable[..., Page]) -> Page:
    return logged_in("handler", **PHONE)


def case_of(page: Page, case_no: str) -> dict:
    return dict(page.request.get(f"/api/cases/{case_no}").json())


def open_case(page: Page, case_no: str) -> None:
    page.goto(f"/mine?case={case_no}")
    expect(page.locator(f'.case[data-case-no="{case_no}"]')).to_be_visible()


def press(page: Page, move: str) -> None:
    button = page.locator(f'.case [data-move="{move}"]')
    if not button.is_visible():
        page.locator(".case-buttons summary").click()
    button.click()


def stands(page: Page, case_no: str, status: str) -> None:
    expect(page.locator(".case")).to_have_attribute("data-status", status)
    assert case_of(page, case_no)["status"] == status


def test_the_list_counts_what_it_shows_and_is_ordered_by_the_time_left(phone: Page) -> None:
    phone.goto("/")
    expect(phone).to_have_url(re.compile("/mine$"))
    rows = phone.locator(".mine-rows > li")
    assert rows.count() == int(phone.locator(".tab[aria-current] .tab-count").inner_text()) > 0
    listed = [row.get_attribute("data-case-no") or "" for row in rows.all()]
    due = [case_of(phone, number)["due_at"] or "9999" for number in listed]
    assert due == sorted(due)
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"], "nothing sticks out"


def test_a_case_is_signed_started_mediated_and_settled(phone: Page, logged_in) -> None:
    case_no = dispatched(logged_in, phone)
    open_case(phone, case_no)
    press(phone, "sign")
    stands(phone, case_no, "signed")
    press(phone, "start")
    stands(phone, case_no, "handling")
    press(phone, "record_mediation")
    form = phone.locator('.move-form[data-form="record_mediation"]')
    form.locator("[data-send]").click()
    expect(phone.locator(".case-message")).to_have_text(re.compile("请填写：调解方式"))
    for field, value in (
        ("method", "people"),
        ("people", "all_parties"),
        ("people", "mediator"),
        ("outcome", "success"),
    ):
        form.locator(f'[data-field="{field}"] label:has([value="{value}"])').click()
    form.locator("[data-send]").click()
    expect(phone.locator(".trace-act").first).to_have_text("记录调解")
    expect(phone.locator(".trace-entry").first).to_contain_text("到场：各方当事人、调解员")
    press(phone, "settle")
    stands(phone, case_no, "settled")


def test_a_return_needs_a_reason(phone: Page, logged_in) -> None:
    case_no = dispatched(logged_in, phone)
    open_case(phone, case_no)
    press(phone, "return")
    form = phone.locator('.move-form[data-form="return"]')
    form.locator("[data-send]").click()
    expect(phone.locator(".case-message")).to_have_text(re.compile("请填写：理由"))
    form.locator("textarea").fill("事权不在本单位")
    form.locator("[data-send]").click()
    expect(phone.locator(".trace-reason").first).to_have_text("事权不在本单位")
    assert case_of(phone, case_no)["status"] == "waiting"


def test_without_a_connection_it_is_kept_and_goes_out_once(phone: Page, logged_in) -> None:
    case_no = dispatched(logged_in, phone)
    open_case(phone, case_no)
    phone.context.set_offline(True)
    expect(phone.locator("#offline-banner")).to_be_visible()
    press(phone, "return")
    form = phone.locator('.move-form[data-form="return"]')
    form.locator("textarea").fill("不属本单位职责")
    form.locator("[data-send]").click()
    expect(phone.locator("#pending")).to_contain_text("不属本单位职责")
    expect(phone.locator(".case-message")).to_contain_text("保存在本机")
    phone.context.set_offline(False)
    expect(phone.locator("#toast")).to_contain_text("已补送 1 件")
    expect(phone.locator("#pending")).to_be_hidden()
    events = phone.request.get(f"/api/cases/{case_no}/events").json()["items"]
    assert [event["act"] for event in events].count("return") == 1


def test_what_was_not_sent_outlives_a_reload(phone: Page, logged_in) -> None:
    case_no = dispatched(logged_in, phone)
    open_case(phone, case_no)
    phone.route("**/moves", lambda route: route.abort())
    press(phone, "sign")
    expect(phone.locator("#pending")).to_contain_text(case_no)
    phone.reload()
    expect(phone.locator("#pending")).to_contain_text(case_no)
    assert case_of(phone, case_no)["status"] == "dispatched"
    phone.unroute("**/moves")
    phone.locator("#pending .button-main").click()
    stands(phone, case_no, "signed")


def test_the_button_stays_the_same_while_it_is_tried_again(phone: Page, logged_in) -> None:
    """One that is replaced between press and release has not been clicked."""
    case_no = dispatched(logged_in, phone)
    open_case(phone, case_no)
    phone.route("**/moves", lambda route: route.abort())
    press(phone, "sign")
    again = phone.locator("#pending .button-main").element_handle()
    for _ in range(2):
        with phone.expect_event("requestfailed", lambda request: request.url.endswith("/moves")):
            again.click()
        assert again.evaluate("button => button.isConnected")


def test_a_case_that_was_taken_back_meanwhile_is_told_and_the_text_is_kept(phone: Page, logged_in) -> None:
    case_no = dispatched(logged_in, phone)
    open_case(phone, case_no)
    press(phone, "return")
    text = phone.locator('.move-form[data-form="return"] textarea')
    text.fill("不属本单位职责")
    desk = logged_in("dispatcher")
    token = desk.request.post("/api/session", data={"username": "dispatcher", "password": PASSWORD}).json()
    recalled = desk.request.post(
        f"/api/cases/{case_no}/moves",
        data={"move": "recall", "version": case_of(phone, case_no)["version"]},
        headers={"X-CSRF-Token": token["csrf_token"]},
    )
    assert recalled.ok, recalled.text()
    phone.locator('.move-form[data-form="return"] [data-send]').click()
    expect(phone.locator(".case-message")).not_to_be_empty()
    expect(text).to_have_value("不属本单位职责")
    assert case_of_or_none(phone, case_no) in (None, "waiting")


def case_of_or_none(page: Page, case_no: str) -> str | None:
    answer = page.request.get(f"/api/cases/{case_no}")
    return str(answer.json()["status"]) if answer.ok else None


def test_what_was_typed_outlives_a_reload(phone: Page, logged_in) -> None:
    case_no = dispatched(logged_in, phone)
    open_case(phone, case_no)
    press(phone, "return")
    phone.locator('.move-form[data-form="return"] textarea').fill("写到一半")
    phone.reload()
    press(phone, "return")
    expect(phone.locator('.move-form[data-form="return"] textarea')).to_have_value("写到一半")


def test_nobody_else_has_this_page(logged_in) -> None:
    for user in ("leader", "dispatcher", "admin"):
        assert logged_in(user).request.get("/mine").status == 403
