"""/audit in a browser: search that the address holds, the back button, export, verification with its certificate."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from data.accounts import viewer_named
from data.audit import access_log
from data.audit.access_log import COMMAND_LINE, Actor, entry
from data.database import SYSTEM, Database
from rules.access_log import Access, Outcome, Via
from tests.conftest import cloned, opened, settings_for
from tests.e2e.conftest import served

PATIENCE_MS = 30_000
SIZES = {"laptop": (1366, 768), "screen": (1920, 1080), "phone": (390, 844)}


@pytest.fixture(scope="module")
def database(cluster, demo_template) -> Iterator[Database]:
    for name in cloned(cluster, demo_template):
        found = opened(cluster, name)
        found.name = name  # type: ignore[attr-defined]
        fill(found)
        yield found
        found.close()


@pytest.fixture(scope="module")
def site(cluster, database: Database, tmp_path_factory) -> Iterator[str]:
    settings = settings_for(cluster, database.name)  # type: ignore[attr-defined]
    work = settings.work.model_copy(update={"anchor_dir": tmp_path_factory.mktemp("anchors")})
    with served(settings.model_copy(update={"work": work})) as address:
        yield address


def fill(database: Database) -> None:
    """Two pages of readings by a dispatcher, a leader, a flood from somewhere, and what the command line did."""
    with database.owning() as connection:
        numbers = connection.execute(text("SELECT case_no FROM cases ORDER BY reported_at DESC LIMIT 70")).scalars().all()
    dispatcher = Actor(viewer_named(database, "dispatcher"), Via.panel, "10.1.2.3")
    leader = Actor(viewer_named(database, "leader"), Via.page, "2001:db8:5:1::7")
    now = datetime.now(UTC)
    flood = entry(Access.login, Actor(address="203.0.113.9"), outcome=Outcome.failed)
    entries = [entry(Access.case_read, dispatcher, case_no=number, object="case") for number in numbers]
    entries += [
        entry(Access.case_list, leader, object="cases 532800"),
        entry(Access.document_read, leader, case_no=numbers[0], object="pdf"),
        entry(Access.case_read, leader, outcome=Outcome.refused, case_no=numbers[1], object="case"),
        entry(Access.user_add, COMMAND_LINE, object="=HYPERLINK(1)", details={"role": "leader", "area": "532800"}),
        flood,
        flood.repeated(412, now, now),
    ]
    with database.writing(SYSTEM) as connection:
        access_log.append(connection, entries)


def shot(page: Page, name: str, *, full: bool = False) -> None:
    folder = os.environ.get("GRIDBOARD_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=full)


def rows(page: Page):
    return page.locator("#audit-box tbody tr")


def test_the_first_page_of_an_auditor_and_a_search_that_the_address_holds(logged_in) -> None:
    page = logged_in("auditor")
    page.goto("/")
    expect(rows(page)).to_have_count(50, timeout=PATIENCE_MS)
    assert page.url.endswith("/audit")
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        shot(page, f"audit_zh_{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_label("账号", exact=True).fill("lead")
    page.get_by_label("事项", exact=True).select_option("case.read")
    page.get_by_role("button", name="查询").click()
    expect(rows(page)).to_have_count(1, timeout=PATIENCE_MS)
    expect(rows(page)).to_contain_text("拒绝")
    expect(rows(page)).to_contain_text("2001:db8:5::/48")
    assert "who=lead" in page.url and "what=case.read" in page.url
    expect(page.get_by_label("账号", exact=True)).to_have_value("lead")
    expect(page.get_by_label("事项", exact=True)).to_have_value("case.read")
    address = page.url
    page.go_back()
    expect(rows(page)).to_have_count(50, timeout=PATIENCE_MS)
    page.get_by_role("link", name="更早的记录").click()
    expect(page.get_by_role("link", name="返回最新")).to_be_visible(timeout=PATIENCE_MS)
    assert "before=" in page.url
    page.goto(address)
    expect(rows(page)).to_have_count(1, timeout=PATIENCE_MS)
    page.goto("/audit?who=nobody-of-that-name")
    expect(page.locator("#audit-box")).to_contain_text("没有符合条件的记录", timeout=PATIENCE_MS)
    shot(page, "audit_empty")
    page.goto("/audit?from=2026-13-40")
    expect(page.locator("#audit-box")).to_contain_text("“起始日期”填写有误", timeout=PATIENCE_MS)
    shot(page, "audit_wrong")


def test_the_form_is_used_by_the_keyboard(logged_in) -> None:
    page = logged_in("auditor")
    page.goto("/audit")
    page.get_by_label("账号", exact=True).focus(timeout=PATIENCE_MS)
    page.keyboard.type("leader")
    page.keyboard.press("Enter")
    expect(page.locator(".audit-total")).to_be_visible(timeout=PATIENCE_MS)
    page.wait_for_url("**/audit?who=leader**")


def test_an_export_is_neutralised_and_logged(logged_in) -> None:
    page = logged_in("auditor")
    page.goto("/audit?what=user")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 CSV").click(timeout=PATIENCE_MS)
    lines = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert lines[0][:2] == ["序号", "时间"]
    assert any(cell.startswith("'=HYPERLINK(1)") for line in lines for cell in line)
    assert not [cell for line in lines for cell in line if cell[:1] in "=+-@\t" and cell]
    page.goto("/audit?what=export")
    expect(rows(page).first).to_contain_text("访问日志（CSV）", timeout=PATIENCE_MS)


def test_a_verification_and_its_certificate(logged_in, database: Database) -> None:
    page = logged_in("auditor")
    page.goto("/audit")
    page.get_by_role("button", name="开始核验").click(timeout=PATIENCE_MS)
    expect(page.locator("#verify-box")).to_contain_text("核验通过", timeout=PATIENCE_MS)
    shot(page, "verified")
    page.locator("#verify-box").get_by_role("link").click()
    expect(page.locator(".certificate")).to_contain_text("核验人", timeout=PATIENCE_MS)
    expect(page.locator(".certificate")).to_contain_text("Verified by")
    with database.owning() as connection:
        head = connection.execute(text("SELECT encode(hash, 'hex') FROM chain_head WHERE seq > 0")).scalar()
    expect(page.locator(".certificate")).to_contain_text(str(head))
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        shot(page, f"certificate_zh_{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1366, "height": 768})
    folder = os.environ.get("GRIDBOARD_SHOTS")
    printed = page.pdf(format="A4", path=str(Path(folder) / "certificate.pdf") if folder else None)
    assert printed.count(b"/Type /Page\n") == 1, "one sheet of A4"
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 672, "height": 1000})
    shot(page, "certificate_print", full=True)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.locator("[data-action=language]").click()
    expect(page.locator(".certificate h1 .said")).to_have_text("Certificate of verification", timeout=PATIENCE_MS)
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        shot(page, f"certificate_en_{name}")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto("/audit")
    expect(rows(page)).to_have_count(50, timeout=PATIENCE_MS)
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        shot(page, f"audit_en_{name}")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.locator("[data-action=theme]").click()
    shot(page, "audit_en_light")
    # the choice of a language is the person's, and the next test's
    page.locator("[data-action=language]").click()
    expect(page.get_by_role("button", name="开始核验")).to_be_visible(timeout=PATIENCE_MS)


def test_a_changed_entry_is_on_the_certificate(logged_in, database: Database) -> None:
    with database.owning() as connection:
        connection.execute(text("UPDATE access_log SET account = 'somebody' WHERE seq = 30"))
    try:
        page = logged_in("auditor")
        page.goto("/audit")
        page.get_by_role("button", name="开始核验").click(timeout=PATIENCE_MS)
        expect(page.locator("#verify-box")).to_contain_text("发现 1 处异常", timeout=PATIENCE_MS)
        shot(page, "broken")
        page.locator("#verify-box").get_by_role("link").click()
        expect(page.locator(".certificate")).to_contain_text("记录写入后被改动", timeout=PATIENCE_MS)
        expect(page.locator(".certificate")).to_contain_text("access log · 30")
        shot(page, "certificate_broken", full=True)
    finally:
        with database.owning() as connection:
            connection.execute(text("UPDATE access_log SET account = 'dispatcher' WHERE seq = 30"))


@pytest.mark.parametrize("username", ["leader", "dispatcher", "admin"])
def test_nobody_else_has_the_page(logged_in, username: str) -> None:
    page = logged_in(username)
    page.goto("/audit")
    expect(page.locator(".state-not-found")).to_be_visible(timeout=PATIENCE_MS)
    assert page.request.get("/api/audit").status == 403
