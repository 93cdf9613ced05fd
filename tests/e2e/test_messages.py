"""/messages in a browser: what did not leave and why, sent again by one click; nothing there; not for others."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from data.database import Database
from tests.conftest import DEMO_NOW, cloned, opened, settings_for
from tests.e2e.conftest import served

PATIENCE_MS = 30_000
CALLS = re.compile("/_dash-update-component")
INSERT = """
INSERT INTO delivery (prefecture, outbox_id, route, topic, case_no, organisation_id, payload, path, state, attempts, created_at,
                      next_try_at, last_error)
SELECT prefecture, row_number() OVER (), :route, :topic, case_no, holder_id, '{}', path, :state, :attempts, :at, :at, :error
  FROM cases ORDER BY reported_at DESC LIMIT :rows
"""


@pytest.fixture(scope="module")
def database(cluster, demo_template) -> Iterator[Database]:
    for name in cloned(cluster, demo_template):
        found = opened(cluster, name)
        found.name = name  # type: ignore[attr-defined]
        yield found
        found.close()


@pytest.fixture(scope="module")
def site(cluster, database: Database) -> Iterator[str]:
    """A server that sends nothing by itself: what waits stays."""
    quiet = settings_for(cluster, database.name)  # type: ignore[attr-defined]
    with served(quiet) as address:
        yield address


@pytest.fixture(autouse=True)
def no_deliveries(database: Database) -> None:
    with database.owning() as connection:
        connection.execute(text("DELETE FROM delivery"))


def fill(database: Database, rows: int, *, state: str = "dead", error: str = "answered 404", **more: str) -> None:
    values = {"route": "mail", "topic": "case.dispatch", "attempts": 1, "at": DEMO_NOW} | more
    with database.owning() as connection:
        connection.execute(text(INSERT), values | {"rows": rows, "state": state, "error": error})


def shot(page: Page, name: str) -> None:
    folder = os.environ.get("GRIDBOARD_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def test_an_admin_reads_why_and_sends_again(logged_in, database: Database) -> None:
    fill(database, 4)
    fill(database, 2, error="no address", topic="clock.passed", route="sms")
    fill(database, 3, state="waiting", error="no answer (timeout)", route="hook")
    page = logged_in("admin")
    page.goto("/messages")
    box = page.locator("#messages-box")
    expect(box.locator("tbody tr")).to_have_count(6, timeout=PATIENCE_MS)
    expect(box).to_contain_text("没有登记联系方式")
    expect(box).to_contain_text("网关答复 404")
    shot(page, "messages_zh_dark")
    box.get_by_role("button", name="重新发送", exact=True).first.click()
    expect(box.locator("tbody tr")).to_have_count(5, timeout=PATIENCE_MS)
    box.get_by_role("tab", name="待发送").click()
    expect(box.locator("tbody tr")).to_have_count(4, timeout=PATIENCE_MS)
    expect(box).to_contain_text("网关没有应答（timeout）")
    expect(box).to_contain_text("下次发送")
    shot(page, "messages_waiting")
    box.get_by_role("tab", name="未送达").click()
    box.get_by_role("button", name="全部重新发送").click()
    expect(box).to_contain_text("没有未送达的消息")
    shot(page, "messages_empty")


def test_it_is_read_in_english_and_by_day(logged_in, database: Database) -> None:
    fill(database, 3, error="recipient refused 550")
    page = logged_in("admin")
    page.goto("/messages")
    expect(page.locator("#messages-box tbody tr")).to_have_count(3, timeout=PATIENCE_MS)
    page.locator("[data-action=theme]").click()
    page.locator("[data-action=language]").click()
    expect(page.locator("#messages-box")).to_contain_text("The mailbox refused it (550)")
    shot(page, "messages_en_light")
    phone_is_filled(page)
    # the choice of a language is the person's, and the next test's
    page.set_viewport_size({"width": 1366, "height": 768})
    page.locator("[data-action=language]").click()
    expect(page.locator("#messages-box")).to_contain_text("邮箱拒收（550）")


def phone_is_filled(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    wide = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shot(page, "messages_phone")
    assert wide, "the table scrolls in its own box"


def test_older_ones_are_a_click_away(logged_in, database: Database) -> None:
    fill(database, 58)
    page = logged_in("admin")
    page.goto("/messages")
    rows = page.locator("#messages-box tbody tr")
    expect(rows).to_have_count(50, timeout=PATIENCE_MS)
    expect(page.locator("#messages-box")).to_contain_text("共 58 条")
    page.get_by_role("button", name="更早的消息").click()
    expect(rows).to_have_count(8, timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="更早的消息")).to_have_count(0)
    page.get_by_role("tab", name="未送达").click()
    expect(rows).to_have_count(50, timeout=PATIENCE_MS)


def test_nobody_else_sees_it(logged_in, database: Database) -> None:
    fill(database, 1)
    page = logged_in("dispatcher")
    page.goto("/messages")
    expect(page.get_by_text("您的岗位不使用此页面")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(0, timeout=PATIENCE_MS)


ROUTES = """
INSERT INTO message_route (name, adapter, state, refusal, reason, since, probe_at, last_success_at, last_try_at, seen_at) VALUES
  ('mail', 'smtp', 'working', '', '', :at, NULL, :at, :at, now()),
  ('sms', 'sms_http', 'paused', 'credentials', 'answered 401', :at, :at, :at, :at, now())
"""


@pytest.fixture
def routes(database: Database) -> Iterator[None]:
    with database.owning() as connection:
        connection.execute(text("DELETE FROM message_route"))
        connection.execute(text(ROUTES), {"at": DEMO_NOW})
    yield
    with database.owning() as connection:
        connection.execute(text("DELETE FROM message_route"))


def test_a_paused_route_says_why_and_is_resumed_and_stopped_by_key(logged_in, database: Database, routes) -> None:
    fill(database, 3, state="waiting", error="answered 401", route="sms")
    page = logged_in("admin")
    page.goto("/messages")
    section = page.locator(".message-routes")
    expect(section).to_contain_text("1 个通道已暂停", timeout=PATIENCE_MS)
    expect(section.locator(".route-row").first).to_contain_text("网关认证未通过（401）")
    expect(section.locator(".route-row").first).to_contain_text("待发 3")
    shot(page, "routes_zh")
    page.once("dialog", lambda dialog: dialog.dismiss())
    section.get_by_role("button", name="恢复发送").click()
    expect(section.locator(".route-stopped")).to_have_count(1)
    page.once("dialog", lambda dialog: dialog.accept())
    section.get_by_role("button", name="恢复发送").press("Enter")
    expect(section.locator(".route-stopped")).to_have_count(0, timeout=PATIENCE_MS)
    row = section.locator(".route-row").filter(has_text="mail")
    row.locator("summary").press("Enter")
    row.get_by_role("button", name="暂停").press("Enter")
    expect(section.locator(".route-stopped")).to_have_count(0)
    row.get_by_label("暂停通道“mail”的原因").fill("邮箱更换")
    row.get_by_role("button", name="暂停").press("Enter")
    expect(section.locator(".route-stopped")).to_contain_text("邮箱更换", timeout=PATIENCE_MS)
    expect(section.locator(".route-stopped")).to_contain_text("admin")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080), (390, 844)])
def test_the_routes_fit_every_screen_in_both_languages(logged_in, database: Database, routes, width: int, height: int):
    fill(database, 3, state="waiting", error="answered 401", route="sms")
    change = '{"days_off": ["2027-02-05", "2027-02-08", "2027-02-09"], "work_days": ["2027-02-20"], "limits": true}'
    with database.owning() as connection:
        connection.execute(text("DELETE FROM deployment WHERE key = 'clocks_changed'"))
        connection.execute(text("INSERT INTO deployment VALUES ('clocks_changed', CAST(:said AS json))"), {"said": change})
    page = logged_in("admin")
    page.set_viewport_size({"width": width, "height": height})
    for language in ("zh", "en"):
        page.goto("/messages")
        page.locator(".route-row").first.wait_for(timeout=PATIENCE_MS)
        page.locator(".route-pause summary").first.click()
        expect(page.locator("#messages-box")).to_contain_text("manage.py clocks recompute --dry-run")
        shot(page, f"routes_{language}_{width}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        outside = page.evaluate(
            "[...document.querySelectorAll('.message-routes *')]"
            ".filter((one) => one.getBoundingClientRect().right > innerWidth).length"
        )
        assert (wide, outside) == (0, 0), language
        if language == "zh":
            switch_language(page, "en")
    switch_language(page, "zh_CN")


def switch_language(page: Page, locale: str) -> None:
    token = page.request.get("/api/session").json()["csrf_token"]
    assert page.request.post("/api/locale", data={"locale": locale}, headers={"X-CSRF-Token": token}).ok


def test_what_was_changed_is_told_and_the_page_stays_where_it_was(logged_in, database: Database) -> None:
    fill(database, 53)
    page = logged_in("admin")
    page.goto("/messages")
    rows = page.locator("#messages-box tbody tr")
    expect(rows).to_have_count(50, timeout=PATIENCE_MS)
    page.get_by_role("button", name="更早的消息").click()
    expect(rows).to_have_count(3)
    for left, said in ((2, 1), (1, 2)):
        page.get_by_role("button", name="重新发送", exact=True).first.click()
        expect(rows).to_have_count(left)
        expect(page.locator("#toast .toast-item")).to_have_text(["已重新排队发送"] * said)
    page.get_by_role("button", name="重新发送", exact=True).click()
    expect(rows).to_have_count(50)
    tab = page.get_by_role("tab", name="待发送")
    tab.press("Enter")
    expect(rows).to_have_count(3)
    expect(tab).to_be_focused()


def test_a_double_click_sends_once_and_reports_no_error(logged_in, database: Database) -> None:
    fill(database, 2)
    page = logged_in("admin")
    page.goto("/messages")
    rows = page.locator("#messages-box tbody tr")
    expect(rows).to_have_count(2, timeout=PATIENCE_MS)
    answers: list[int] = []
    page.on("response", lambda answer: answers.append(answer.status) if "_dash-update" in answer.url else None)
    # both before the first is answered
    page.get_by_role("button", name="重新发送", exact=True).first.evaluate("(button) => { button.click(); button.click(); }")
    expect(rows).to_have_count(1)
    expect(page.locator("#toast")).to_contain_text("已重新排队发送")
    expect(page.locator("#toast .bad")).to_have_count(0)
    assert set(answers) == {200}
    with database.owning() as connection:
        assert connection.execute(text("SELECT count(*) FROM delivery WHERE state = 'waiting'")).scalar() == 1


def test_what_another_admin_has_sent_is_told_and_drawn(logged_in, database: Database) -> None:
    fill(database, 2)
    page = logged_in("admin")
    page.goto("/messages")
    rows = page.locator("#messages-box tbody tr")
    expect(rows).to_have_count(2, timeout=PATIENCE_MS)
    with database.owning() as connection:
        connection.execute(text("UPDATE delivery SET state = 'waiting'"))
    page.get_by_role("button", name="重新发送", exact=True).first.click()
    expect(page.locator("#toast .bad")).to_have_count(1)
    expect(rows).to_have_count(0)
    expect(page.locator("#messages-box")).to_contain_text("没有未送达的消息")


def test_a_press_that_the_server_did_not_answer_is_told(logged_in, database: Database) -> None:
    fill(database, 1)
    page = logged_in("admin")
    page.goto("/messages")
    again = page.get_by_role("button", name="重新发送", exact=True)
    expect(again).to_be_visible(timeout=PATIENCE_MS)
    busy = {"code": "unavailable", "detail": "稍后再试一次"}
    page.route(CALLS, lambda route: route.fulfill(status=503, json=busy))
    again.click()
    expect(page.locator("#toast .bad")).to_have_text("稍后再试一次")
    page.route(CALLS, lambda route: route.abort())
    again.click()
    expect(page.locator("#toast .bad").last).to_have_text("服务器没有应答，尚不清楚是否已经办成。请检查网络后重试。")
    page.unroute(CALLS)
    again.click()
    expect(page.locator("#messages-box")).to_contain_text("没有未送达的消息")
