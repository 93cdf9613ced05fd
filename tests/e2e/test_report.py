"""The form of a report: a place by its name, categories in residents' words, drafts, personal data, one hand on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.steps.browser import painted

PHONE = {"width": 390, "height": 844}
TELEPHONE = "13812345678"
#: A thumb's width, in CSS pixels (WCAG 2.5.5).
TARGET = 44
DRAFTS = "Object.keys(localStorage).filter((name) => name.startsWith('gridboard.draft') && name.endsWith('|report|report'))"


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=30_000)


@pytest.fixture
def phone(logged_in: Callable[..., Page]) -> Page:
    page = logged_in("handler", **PHONE)
    page.goto("/mine")
    return page


@pytest.fixture
def desk(logged_in: Callable[..., Page]) -> Page:
    page = logged_in("dispatcher")
    page.goto("/map?area=532801")
    painted(page, "532801")
    return page


def opened(page: Page) -> Locator:
    page.locator('.topbar [data-action="open-report"]').click()
    expect(page.locator("#report-place-search")).to_be_focused()
    return page.locator("#report-dialog")


def found(page: Page, what: str) -> Locator:
    return page.locator(f"#report-{what}-list [data-found]")


def is_report(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/api/cases")


def choose(form: Locator) -> None:
    form.locator('label:has([name="kind"][value="dispute"])').click()
    form.locator('[data-kind="dispute"] label').first.click()


def test_a_place_is_reported_by_its_name_with_four_taps_on_a_phone(phone: Page) -> None:
    form = opened(phone)
    phone.keyboard.type("景德中心小学")
    found(phone, "place").first.click()
    expect(form.locator(".report-place")).to_have_text(re.compile("第.+网格，位于景德中心小学"))
    expect(form.locator("#report-category-search")).to_be_focused()
    phone.keyboard.type("跟邻居")
    found(phone, "category").first.click()
    expect(form.locator('[name="kind"]:checked')).to_have_value("dispute")
    expect(form.locator('[name="category"]:checked')).to_have_value("neighbour")
    expect(form.locator("#report-title")).to_be_focused()
    phone.keyboard.type("楼上夜间噪音")
    with phone.expect_response(lambda answer: is_report(answer.request)) as sent:
        form.locator("#report-submit").click()
    made = sent.value.json()
    assert (made["category"], made["title"]) == ("neighbour", "楼上夜间噪音")
    assert made["lon"] and made["lat"]
    phone.wait_for_url("**/mine?tab=reported")
    assert phone.evaluate(DRAFTS) == []


def test_the_form_fits_a_phone_and_a_thumb(phone: Page) -> None:
    form = opened(phone)
    choose(form)
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    body = form.locator(".dialog-body")
    assert body.evaluate("one => one.scrollWidth <= one.clientWidth && one.scrollHeight > one.clientHeight")
    for control in form.locator("button:visible, .choice:visible, input.input:visible").all():
        box = control.bounding_box()
        assert box and box["height"] >= TARGET, control.inner_text()
    expect(form.locator("#report-submit")).to_be_in_viewport()
    for place in ("#report-place-search", "#report-category-search"):
        expect(form.locator(place)).to_have_attribute("inputmode", "search")


def test_an_area_is_a_place_too_and_another_name_is_none_until_it_is_chosen(desk: Page) -> None:
    form = opened(desk)
    choose(form)
    form.locator("#report-title").fill("停水")
    box = form.locator("#report-place-search")
    box.fill("允景洪街道")
    expect(found(desk, "place").first).to_contain_text("允景洪街道")
    box.press("Enter")
    told = form.locator(".report-place")
    expect(told).to_have_text("登记在景洪市 › 允景洪街道")
    box.fill("允景洪街道办")
    expect(told).to_have_text("未选地点时归入当前区域")
    box.press("Escape")
    expect(form).to_be_visible()
    form.locator("#report-submit").click()
    expect(form.locator("#report-place-missing")).to_have_text("请在列表中选定地点，或清空此栏")
    box.fill("允景洪街道")
    expect(found(desk, "place").first).to_contain_text("允景洪街道")
    box.press("Enter")
    with desk.expect_request(is_report) as sent:
        form.locator("#report-submit").click()
    expect(form).to_be_hidden()
    body = sent.value.post_data_json
    assert body["area"] == desk.request.get("/api/search?q=允景洪街道").json()["items"][0]["code"]
    assert "lon" not in body


def test_places_that_cannot_be_looked_up_say_so(desk: Page) -> None:
    form = opened(desk)
    desk.route("**/api/search*", lambda route: route.abort())
    form.locator("#report-place-search").fill("小学")
    expect(desk.locator("#report-place-list")).to_contain_text("暂时无法查找地点")
    desk.unroute("**/api/search*")
    form.locator("#report-place-search").fill("没有这个地方")
    expect(desk.locator("#report-place-list")).to_contain_text("没有找到")


def test_a_category_is_found_by_pinyin(desk: Page) -> None:
    form = opened(desk)
    form.locator("#report-category-search").fill("xfyh")
    expect(found(desk, "category").first).to_contain_text("消防隐患")
    form.locator("#report-category-search").press("Enter")
    expect(form.locator('[name="category"]:checked')).to_have_value("fire")
    expect(form.locator('[name="kind"]:checked')).to_have_value("hazard")


def fill_in(page: Page) -> Locator:
    form = opened(page)
    page.locator("#report-place-search").fill("景德中心小学")
    found(page, "place").first.click()
    expect(form.locator(".report-place")).to_have_text(re.compile("网格"))
    choose(form)
    form.locator("#report-title").fill("井盖缺失")
    form.locator("#report-description").fill("人行道上")
    form.locator('label:has([name="severity"][value="grave"])').click()
    return form


def is_as_it_was(form: Locator) -> None:
    expect(form.locator(".report-draft")).to_be_visible()
    expect(form.locator("#report-title")).to_have_value("井盖缺失")
    expect(form.locator("#report-description")).to_have_value("人行道上")
    expect(form.locator("#report-place-search")).to_have_value("景德中心小学")
    expect(form.locator(".report-place")).to_have_text(re.compile("网格"))
    expect(form.locator('[name="kind"]:checked')).to_have_value("dispute")
    expect(form.locator('[name="category"]:checked')).to_have_count(1)
    expect(form.locator('[name="severity"]:checked')).to_have_value("grave")


@pytest.mark.parametrize(("user", "path"), [("dispatcher", "/map?area=532801"), ("handler", "/mine")])
def test_a_draft_outlives_closing_and_a_reload_and_goes_when_it_is_sent(logged_in, user: str, path: str) -> None:
    page = logged_in(user)
    page.goto(path)
    form = fill_in(page)
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(page.locator("#toast")).to_contain_text("留存本机")
    is_as_it_was(opened(page))
    page.reload()
    form = opened(page)
    is_as_it_was(form)
    with page.expect_request(is_report) as sent:
        form.locator("#report-submit").click()
    expect(form).to_be_hidden()
    assert sent.value.post_data_json["severity"] == "grave" and sent.value.post_data_json["lon"]
    assert page.evaluate(DRAFTS) == []


def test_an_emptied_form_keeps_nothing(desk: Page) -> None:
    form = fill_in(desk)
    desk.keyboard.press("Escape")
    form = opened(desk)
    form.locator('[data-action="clear-report"]').click()
    expect(form.locator(".report-draft")).to_be_hidden()
    expect(form.locator("#report-title")).to_have_value("")
    expect(form.locator("#report-description")).to_have_value("")
    expect(form.locator('[name="kind"]:checked, [name="category"]:checked')).to_have_count(0)
    expect(form.locator('[name="severity"]:checked')).to_have_value("minor")
    assert desk.evaluate(DRAFTS) == []
    form.locator("#report-title").fill("一")
    assert len(desk.evaluate(DRAFTS)) == 1
    form.locator("#report-title").fill("")
    assert desk.evaluate(DRAFTS) == []
    desk.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(opened(desk).locator(".report-draft")).to_be_hidden()


def test_a_draft_is_its_writers_alone(desk: Page) -> None:
    fill_in(desk)
    desk.request.post("/api/session", data={"username": "dispatcher.jinghong", "password": "gridboard"})
    desk.goto("/map")
    expect(opened(desk).locator("#report-title")).to_have_value("")


def test_personal_data_is_pointed_out_on_leaving_the_field_and_not_sent(desk: Page) -> None:
    form = opened(desk)
    choose(form)
    sent: list[str] = []
    desk.on("request", lambda request: sent.append(request.url) if is_report(request) else None)
    title, description = form.locator("#report-title"), form.locator("#report-description")
    title.fill("噪音扰民")
    description.fill(f"联系人电话{TELEPHONE}")
    description.press("Tab")
    told = form.locator("#report-description-missing")
    expect(told).to_have_text(f"“{TELEPHONE}”疑为电话号码，请删去")
    form.locator("#report-submit").click()
    expect(description).to_be_focused()
    expect(told).to_have_text(f"“{TELEPHONE}”疑为电话号码，请删去")
    assert sent == []
    description.fill("夜间")
    expect(told).to_be_hidden()
    form.locator("#report-submit").click()
    expect(form).to_be_hidden()


def test_the_server_refuses_personal_data_that_was_not_pointed_out(desk: Page) -> None:
    form = opened(desk)
    choose(form)
    title = form.locator("#report-title")
    title.fill(f"电话{TELEPHONE}")
    with desk.expect_response(lambda answer: is_report(answer.request)) as refused:
        title.press("Enter")
    assert refused.value.status == 422
    expect(form.locator("#report-title-missing")).to_contain_text(TELEPHONE)
    expect(form).to_be_visible()
    expect(title).to_have_value(f"电话{TELEPHONE}")


def test_a_report_that_is_refused_later_stands_in_the_form_again(phone: Page) -> None:
    form = opened(phone)
    choose(form)
    phone.context.set_offline(True)
    form.locator("#report-title").fill(f"电话{TELEPHONE}")
    form.locator("#report-submit").click()
    expect(form).to_be_hidden()
    expect(phone.locator("#pending")).to_contain_text(TELEPHONE)
    phone.context.set_offline(False)
    phone.locator("#pending").get_by_role("button", name="修改后再报").click()
    expect(form).to_be_visible()
    expect(form.locator("#report-title")).to_have_value(f"电话{TELEPHONE}")
    expect(form.locator('[name="category"]:checked')).to_have_count(1)
