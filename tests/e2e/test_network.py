"""The network is cut, or the answer is lost after the server has done the work: nothing typed is lost, one effect, true words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.steps.browser import asked, dispatched, painted, put_in_queue

PHONE = {"width": 390, "height": 844}
MOVES = "**/moves"
UNKNOWN = "尚不清楚是否已经办成"


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=30_000)


class Lost:
    """Lets requests through and loses their answers while `times` of them are left."""

    def __init__(self, page: Page, pattern: str, times: int) -> None:
        self.left, self.sent = times, 0
        page.route(pattern, self._answer)

    def _answer(self, route: Route, request: Request) -> None:
        if request.method != "POST":
            route.continue_()
            return
        self.sent += 1
        if self.left:
            self.left -= 1
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()


def acts(page: Page, case_no: str, act: str) -> int:
    items = asked(page, "GET", f"/api/cases/{case_no}/events")["items"]
    return [one["act"] for one in items].count(act)


def a_waiting_case(page: Page, title: str = "网络测试案件") -> dict:
    like = asked(page, "GET", "/api/cases?limit=1")["items"][0]
    return put_in_queue(page, {name: like[name] for name in ("kind", "category", "lon", "lat")} | {"title": title})


def press(page: Page, move: str) -> None:
    button = page.locator(f'.case [data-move="{move}"]')
    if not button.is_visible():
        page.locator(".case-buttons summary").click()
    button.click()


def fill_report(page: Page, title: str) -> None:
    page.locator("[data-action=open-report]").click()
    form = page.locator("#report-dialog form")
    form.locator("label.option:has([name=kind])").first.click()
    form.locator("[data-kind]:not([hidden]) label.option").first.click()
    form.locator("#report-title, [name=title]").first.fill(title)


def cases_called(page: Page, title: str) -> int:
    return int(asked(page, "GET", f"/api/cases?q={title}")["total"])


def test_a_report_whose_answer_is_lost_is_one_case(logged_in: Callable[..., Page]) -> None:
    page = logged_in("dispatcher")
    page.goto("/dispatch")
    expect(page.locator(".case-panel.shown .case")).to_be_visible()
    lost = Lost(page, "**/api/cases", 2)
    fill_report(page, "断网上报之一")
    page.locator("#report-dialog [type=submit]").click()
    expect(page.locator("#report-dialog")).to_be_hidden()
    expect(page.locator("#toast")).to_contain_text("已上报")
    assert lost.sent == 3 and cases_called(page, "断网上报之一") == 1


def test_a_report_without_a_connection_is_kept_and_goes_out_once(logged_in: Callable[..., Page]) -> None:
    page = logged_in("dispatcher")
    page.goto("/dispatch")
    expect(page.locator(".case-panel.shown .case")).to_be_visible()
    fill_report(page, "断网上报之二")
    page.context.set_offline(True)
    page.locator("#report-dialog [type=submit]").click()
    expect(page.locator("#pending")).to_contain_text("断网上报之二")
    page.context.set_offline(False)
    expect(page.locator("#pending")).to_be_hidden()
    assert cases_called(page, "断网上报之二") == 1


def test_a_dispatch_whose_answer_is_lost_is_told_as_done(logged_in: Callable[..., Page]) -> None:
    page = logged_in("dispatcher")
    case_no = a_waiting_case(page)["case_no"]
    page.goto(f"/dispatch?case={case_no}")
    expect(page.locator(f'.case-panel.shown .case[data-case-no="{case_no}"] #assign-submit')).to_be_enabled()
    lost = Lost(page, MOVES, 2)
    page.locator("#assign-submit").click()
    expect(page.locator("#toast .toast-undo")).to_be_visible()
    expect(page.locator(f'.case-panel.shown .case:not([data-case-no="{case_no}"])')).to_be_visible()
    assert lost.sent == 3 and acts(page, case_no, "dispatch") == 1
    expect(page.locator("#toast .bad")).to_have_count(0)


def test_a_dispatch_without_a_connection_stays_on_its_case_and_goes_out_once(logged_in: Callable[..., Page]) -> None:
    page = logged_in("dispatcher")
    case_no = a_waiting_case(page)["case_no"]
    page.goto(f"/dispatch?case={case_no}")
    expect(page.locator("#assign-submit")).to_be_enabled()
    page.context.set_offline(True)
    expect(page.locator("#live-status")).to_have_attribute("data-state", "stale")
    page.locator("#assign-submit").click()
    expect(page.locator("#pending")).to_contain_text(case_no)
    expect(page.locator(".case-message")).to_contain_text("保存在本机")
    page.context.set_offline(False)
    expect(page.locator("#pending")).to_be_hidden()
    assert acts(page, case_no, "dispatch") == 1


def test_an_undo_whose_answer_is_lost_is_one_undo(logged_in: Callable[..., Page]) -> None:
    page = logged_in("dispatcher")
    case_no = a_waiting_case(page)["case_no"]
    page.goto(f"/dispatch?case={case_no}")
    expect(page.locator("#assign-submit")).to_be_enabled()
    page.locator("#assign-submit").click()
    Lost(page, MOVES, 1)
    page.locator("#toast .toast-undo").click()
    expect(page.locator("#toast")).to_contain_text(f"{case_no} 已撤回")
    assert acts(page, case_no, "recall") == 1


def test_sign_and_settle_whose_answers_are_lost_happen_once(logged_in: Callable[..., Page]) -> None:
    phone = logged_in("handler", **PHONE)
    case_no = dispatched(logged_in, phone)
    phone.goto(f"/mine?case={case_no}")
    Lost(phone, MOVES, 1)
    press(phone, "sign")
    # on a phone it stands in the tray until the next turn, which finds that it was done
    with_case = phone.locator(f'.case[data-case-no="{case_no}"]')
    expect(phone.locator("#pending")).to_contain_text(case_no)
    phone.locator("#pending .button-main").click()
    expect(with_case).to_have_attribute("data-status", "signed")
    press(phone, "start")
    expect(with_case).to_have_attribute("data-status", "handling")
    press(phone, "settle")
    form = phone.locator('.move-form[data-form="settle"]')
    form.locator("textarea").fill("已当面调解并回访")
    phone.unroute(MOVES)
    Lost(phone, MOVES, 1)
    form.locator("[data-send]").click()
    expect(phone.locator("#pending")).to_contain_text("已当面调解并回访")
    phone.locator("#pending .button-main").click()
    expect(with_case).to_have_attribute("data-status", "settled")
    assert [acts(phone, case_no, act) for act in ("sign", "settle")] == [1, 1]


def chosen(page: Page, count: int) -> list[str]:
    items = asked(page, "GET", "/api/cases?status=at_work&limit=40")["items"]
    numbers = [one["case_no"] for one in items if "comment" in one["moves"]][:count]
    page.evaluate("numbers => gridboard.page.store.select(numbers)", numbers)
    return numbers


def test_a_remark_on_many_is_one_for_each_however_often_its_answers_are_lost(logged_in: Callable[..., Page]) -> None:
    page = logged_in("leader")
    page.goto("/map")
    painted(page)
    numbers = chosen(page, 5)
    before = {number: acts(page, number, "comment") for number in numbers}
    page.locator("#tray [data-remark=comment]").click()
    dialog = page.locator("#remarks-dialog")
    expect(dialog.locator(".bulk-row")).to_have_count(5)
    dialog.locator("textarea").fill("请于本周内反馈进展")
    Lost(page, "**/api/remarks", 4)
    dialog.locator(".remarks-submit").click()
    expect(dialog.locator(".remarks-message")).to_contain_text(UNKNOWN)
    expect(dialog.locator("textarea")).to_have_value("请于本周内反馈进展")
    expect(dialog.locator("textarea")).to_have_js_property("readOnly", True)
    dialog.locator(".remarks-submit").click()
    expect(dialog.locator(".remarks-told")).to_contain_text("5 件中 5 件")
    assert {number: acts(page, number, "comment") - before[number] for number in numbers} == dict.fromkeys(numbers, 1)


def test_a_remark_that_is_refused_can_be_said_otherwise(logged_in: Callable[..., Page]) -> None:
    page = logged_in("leader")
    page.goto("/map")
    painted(page)
    number, _ = chosen(page, 2)
    before = acts(page, number, "comment")
    page.locator("#tray [data-remark=comment]").click()
    dialog = page.locator("#remarks-dialog")
    box = dialog.locator("textarea")
    box.fill("请联系13800138000")
    dialog.locator(".remarks-submit").click()
    expect(dialog.locator(".remarks-message")).not_to_be_empty()
    expect(box).to_have_value("请联系13800138000")
    box.fill("请联系承办单位")
    dialog.locator(".remarks-submit").click()
    expect(dialog.locator(".remarks-told")).to_contain_text("2 件中 2 件")
    assert acts(page, number, "comment") == before + 1


def test_several_dispatches_whose_answers_are_lost_are_told_when_they_come(logged_in: Callable[..., Page]) -> None:
    page = logged_in("dispatcher")
    numbers = [a_waiting_case(page)["case_no"] for _ in range(3)]
    page.goto("/dispatch")
    expect(page.locator(".case-panel.shown .case")).to_be_visible()
    page.evaluate("numbers => gridboard.page.store.select(numbers)", numbers)
    page.locator("#tray [data-action=open-bulk]").click()
    dialog = page.locator("#bulk-dialog")
    expect(dialog.locator(".bulk-row")).to_have_count(3)
    expect(dialog.locator(".bulk-submit")).to_be_enabled()
    Lost(page, "**/api/bulk", 4)
    dialog.locator(".bulk-submit").click()
    expect(dialog.locator(".bulk-message")).to_contain_text(UNKNOWN)
    dialog.locator(".bulk-submit").click()
    expect(dialog.locator(".bulk-told")).to_contain_text("3 件中 3 件已派出")
    assert [acts(page, number, "dispatch") for number in numbers] == [1, 1, 1]


def test_a_password_that_was_not_answered_stays_in_its_form(logged_in: Callable[..., Page]) -> None:
    page = logged_in("handler")
    page.goto("/profile")
    form = page.locator("form[data-api]").filter(has=page.locator("[type=password]"))
    boxes = form.locator("[type=password]")
    expect(boxes).to_have_count(3)
    for box, words in zip(boxes.all(), ("gridboard", "a long new password", "a long new password"), strict=True):
        box.fill(words)
    page.route("**/api/profile/password", lambda route: route.abort())
    form.locator("[type=submit]").click()
    expect(form.locator(".form-message")).to_contain_text(UNKNOWN)
    assert [box.input_value() for box in boxes.all()] == ["gridboard", "a long new password", "a long new password"]


def test_a_user_whose_answer_is_lost_is_there_once(logged_in: Callable[..., Page]) -> None:
    page = logged_in("admin")
    page.goto("/users")
    page.locator("[data-action=open-form]").first.click()
    form = page.locator("dialog[open] form")
    form.locator("[name=username]").fill("lost.answer")
    form.locator("[name=role]").select_option("leader")
    form.locator("[name=area]").fill("532801")
    Lost(page, "**/api/users", 1)
    form.locator("[type=submit]").click()
    expect(form.locator(".form-message")).to_contain_text(UNKNOWN)
    expect(form.locator("[name=username]")).to_have_value("lost.answer")
    expect(page.locator("#users-box")).to_contain_text("lost.answer")
    form.locator("[type=submit]").click()
    expect(form.locator('[data-field="username"] .field-missing')).not_to_be_empty()
    found = asked(page, "GET", "/api/users?q=lost.answer")["items"]
    assert len(found) == 1
