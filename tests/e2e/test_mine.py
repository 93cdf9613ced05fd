"""The handlers' page on a phone: sign, start, record, settle, return; and all of it without a connection."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.steps.browser import PASSWORD, asked, dispatched

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


def send_again(page: Page) -> None:
    """By hand, if it has not gone out by itself meanwhile."""
    with contextlib.suppress(TimeoutError):
        page.locator("#pending .button-main").click(timeout=5000)


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
    settle(phone)
    stands(phone, case_no, "settled")


def settle(phone: Page) -> None:
    press(phone, "settle")
    form = phone.locator('.move-form[data-form="settle"]')
    form.locator("[data-phrase]").first.click()
    form.locator("[data-send]").click()


def handling(phone: Page, logged_in: Callable[..., Page]) -> str:
    case_no = dispatched(logged_in, phone)
    open_case(phone, case_no)
    press(phone, "sign")
    stands(phone, case_no, "signed")
    press(phone, "start")
    stands(phone, case_no, "handling")
    return case_no


def test_settling_asks_for_the_result_says_what_follows_and_is_taken_back(phone: Page, logged_in) -> None:
    case_no = handling(phone, logged_in)
    press(phone, "settle")
    form = phone.locator('.move-form[data-form="settle"]')
    expect(phone.locator(".case-buttons")).to_be_hidden()
    expect(form.locator(".form-effect")).to_contain_text("待归档")
    form.locator("[data-send]").click()
    expect(phone.locator(".case-message")).to_have_text("请填写：办理结果")
    assert case_of(phone, case_no)["status"] == "handling"
    first, second = (form.locator("[data-phrase]").nth(n) for n in (0, 1))
    words = "；".join((first.inner_text(), second.inner_text()))
    first.click()
    second.click()
    expect(form.locator("textarea")).to_have_value(words)
    form.locator("[data-send]").click()
    stands(phone, case_no, "settled")
    expect(phone.locator(".trace-reason").first).to_have_text(words)
    phone.locator(".toast-undo").click()
    stands(phone, case_no, "handling")
    expect(phone.locator(".trace-act").first).to_have_text("撤销办结")


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


def unsent(phone: Page, logged_in: Callable[..., Page]) -> str:
    """A case whose signature could not be sent, and nothing else goes through; its number."""
    case_no = dispatched(logged_in, phone)
    open_case(phone, case_no)
    phone.route("**/moves", lambda route: route.abort())
    press(phone, "sign")
    expect(phone.locator("#pending")).to_contain_text(case_no)
    return case_no


def test_what_was_not_sent_outlives_a_reload(phone: Page, logged_in) -> None:
    case_no = unsent(phone, logged_in)
    phone.reload()
    expect(phone.locator("#pending")).to_contain_text(case_no)
    assert case_of(phone, case_no)["status"] == "dispatched"
    phone.unroute("**/moves")
    send_again(phone)
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
    box = phone.locator('.move-form[data-form="return"] textarea')
    expect(box).to_have_value("写到一半")
    expect(box).to_be_visible()
    phone.locator('.move-form[data-form="return"] [data-form-close]').click()
    phone.reload()
    expect(box).to_be_hidden()
    press(phone, "return")
    expect(box).to_have_value("写到一半")


def test_nobody_else_has_this_page(logged_in) -> None:
    for user in ("leader", "dispatcher", "admin"):
        assert logged_in(user).request.get("/mine").status == 403


PROXY = {"status": 200, "content_type": "application/json", "body": '{"portal": "log in first"}'}
PASSING = {
    "a limit": {"status": 429, "content_type": "application/problem+json",
                "body": '{"type": "urn:gridboard:problem:too_many", "code": "too_many", "status": 429}'},
    "a fault": {"status": 500, "body": ""},
    "a portal's page": {"status": 403, "content_type": "text/html", "body": "<h1>Welcome to the network</h1>"},
    "a portal's answer": PROXY,
    "an empty answer": {"status": 204, "body": ""},
}  # fmt: skip


@pytest.mark.parametrize("answer", PASSING.values(), ids=PASSING)
def test_what_another_than_our_server_answers_loses_nothing(phone: Page, logged_in, answer: dict) -> None:
    case_no = dispatched(logged_in, phone)
    open_case(phone, case_no)
    phone.route("**/moves", lambda route: route.fulfill(**answer))
    press(phone, "sign")
    expect(phone.locator("#pending")).to_contain_text("联网后自动重发" if answer["status"] != 403 else "请重新登录")
    assert case_of(phone, case_no)["status"] == "dispatched"
    phone.unroute("**/moves")
    send_again(phone)
    stands(phone, case_no, "signed")
    expect(phone.locator("#pending")).to_be_hidden()


def test_a_page_is_left_for_one_that_is_there(phone: Page, logged_in) -> None:
    """After a move the page is read anew; while a proxy has nothing behind it, it stays."""
    case_no = dispatched(logged_in, phone)
    open_case(phone, case_no)
    asked: list[str] = []

    def unavailable(route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            route.continue_()
        else:
            route.fulfill(status=502, body="<h1>Bad gateway</h1>")

    phone.route("**/healthz", unavailable)
    with phone.expect_event("load"):
        press(phone, "sign")
    stands(phone, case_no, "signed")
    assert len(asked) == 2


def test_a_new_login_in_another_tab_renews_the_token(phone: Page, logged_in) -> None:
    case_no = dispatched(logged_in, phone)
    open_case(phone, case_no)
    phone.request.post("/api/session", data={"username": "handler", "password": PASSWORD})
    press(phone, "sign")
    stands(phone, case_no, "signed")


def test_what_one_has_written_is_not_sent_in_another_s_name(phone: Page, logged_in) -> None:
    case_no = dispatched(logged_in, phone)
    open_case(phone, case_no)
    phone.request.post("/api/session", data={"username": "dispatcher", "password": PASSWORD})
    press(phone, "sign")
    expect(phone.locator("#pending")).to_contain_text("请重新登录")
    assert case_of(phone, case_no)["status"] == "dispatched"


def test_who_leaves_is_told_what_was_not_sent(phone: Page, logged_in) -> None:
    case_no = unsent(phone, logged_in)
    asked: list[str] = []
    phone.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    phone.locator("[data-leave]").click()
    expect(phone.locator("#pending")).to_contain_text(case_no)
    assert len(asked) == 1 and "1 件" in asked[0]
    phone.once("dialog", lambda dialog: dialog.accept())
    phone.locator("[data-leave]").click()
    phone.wait_for_url("**/logout")
    assert phone.evaluate("Object.keys(localStorage).filter((name) => /pending|draft/.test(name))") == []


def test_two_presses_are_one_move(phone: Page, logged_in) -> None:
    case_no = dispatched(logged_in, phone)
    open_case(phone, case_no)
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(request.url) if request.url.endswith("/moves") else None)
    phone.evaluate("for (let n = 0; n < 5; n += 1) { document.querySelector('.case [data-move=sign]').click(); }")
    stands(phone, case_no, "signed")
    assert len(sent) == 1


def test_after_a_conflict_the_next_press_is_about_the_case_as_it_is(phone: Page, logged_in) -> None:
    case_no = dispatched(logged_in, phone)
    # what the stream would tell is read before the press
    phone.route("**/api/live**", lambda route: route.abort())
    open_case(phone, case_no)
    other = logged_in("handler")
    token = other.request.get("/api/session").json()["csrf_token"]
    signed = other.request.post(
        f"/api/cases/{case_no}/moves",
        data={"move": "sign", "version": case_of(phone, case_no)["version"]},
        headers={"X-CSRF-Token": token},
    )
    assert signed.ok, signed.text()
    press(phone, "return")
    form = phone.locator('.move-form[data-form="return"]')
    form.locator("textarea").fill("不属本单位职责")
    form.locator("[data-send]").click()
    expect(phone.locator(".case-message")).to_contain_text("签收")
    expect(form.locator("textarea")).to_have_value("不属本单位职责")
    form.locator("[data-send]").click()
    stands(phone, case_no, "waiting")


def live(page: Page) -> None:
    expect(page.locator("#live-status")).to_have_attribute("data-state", "live")


def same_page(page: Page) -> None:
    assert page.evaluate("window.notLoadedAgain") is True


@pytest.fixture
def opened(phone: Page) -> Page:
    """The handler's page, live; `same_page` says whether it was loaded again."""
    phone.goto("/mine")
    live(phone)
    phone.evaluate("window.notLoadedAgain = true")
    return phone


def moved(page: Page, case_no: str, move: str, **form: object) -> None:
    asked(page, "POST", f"/api/cases/{case_no}/moves", {"move": move, "version": case_of(page, case_no)["version"], **form})


def test_what_is_dispatched_comes_into_the_list_by_itself(opened: Page, logged_in) -> None:
    before = int(opened.locator(".tab[aria-current] .tab-count").inner_text())
    case_no = dispatched(logged_in, opened)
    expect(opened.locator(f'.mine-rows > li[data-case-no="{case_no}"]')).to_be_visible()
    expect(opened.locator(".tab[aria-current] .tab-count")).to_have_text(str(before + 1))
    expect(opened.locator("#toast")).to_contain_text("新收到 1 件")
    same_page(opened)


def test_what_another_does_shows_in_list_and_case_and_the_form_stays(phone: Page, logged_in) -> None:
    case_no = dispatched(logged_in, phone)
    open_case(phone, case_no)
    live(phone)
    phone.evaluate("window.notLoadedAgain = true")
    press(phone, "return")
    box = phone.locator('.move-form[data-form="return"] textarea')
    box.fill("写到一半")
    moved(logged_in("handler"), case_no, "sign")
    expect(phone.locator(".case")).to_have_attribute("data-status", "signed")
    expect(box).to_be_visible()
    expect(box).to_have_value("写到一半")
    expect(box).to_be_focused()
    box.press_sequentially("，接着写")
    expect(box).to_have_value("写到一半，接着写")
    expect(phone.locator(f'li[data-case-no="{case_no}"] .chip')).to_have_text("已签收")
    same_page(phone)


def test_a_case_that_is_taken_away_leaves_the_list_and_says_so(phone: Page, logged_in) -> None:
    case_no = dispatched(logged_in, phone)
    open_case(phone, case_no)
    live(phone)
    press(phone, "return")
    box = phone.locator('.move-form[data-form="return"] textarea')
    box.fill("写到一半")
    moved(logged_in("dispatcher"), case_no, "recall")
    expect(phone.locator(".case-message")).to_contain_text("已不由本单位办理")
    expect(phone.locator(f'.mine-rows > li[data-case-no="{case_no}"]')).to_have_count(0)
    expect(box).to_have_value("写到一半")


def test_a_lost_connection_is_said_and_what_was_missed_is_read(opened: Page, logged_in) -> None:
    opened.context.set_offline(True)
    expect(opened.locator("#live-status")).to_have_attribute("data-state", "stale")
    expect(opened.locator("#stale-banner")).to_be_visible()
    other = logged_in("handler", width=390, height=844)
    case_no = dispatched(logged_in, other)
    opened.context.set_offline(False)
    live(opened)
    expect(opened.locator("#stale-banner")).to_be_hidden()
    expect(opened.locator(f'.mine-rows > li[data-case-no="{case_no}"]')).to_be_visible()
    same_page(opened)


def test_the_keyboard_stays_on_its_row(opened: Page, logged_in) -> None:
    row = opened.locator(".mine-row").first
    row.focus()
    href = row.get_attribute("href")
    dispatched(logged_in, opened)
    expect(opened.locator("#toast")).to_contain_text("新收到")
    assert opened.evaluate("document.activeElement.getAttribute('href')") == href


def test_pages_of_one_handler_share_a_stream(opened: Page, logged_in) -> None:
    streams: list[str] = []
    opened.context.on("request", lambda request: streams.append(request.url) if "/api/live" in request.url else None)
    second = opened.context.new_page()
    second.goto("/mine")
    live(second)
    case_no = dispatched(logged_in, opened)
    for page in (opened, second):
        expect(page.locator(f'.mine-rows > li[data-case-no="{case_no}"]')).to_be_visible()
    assert streams == []
