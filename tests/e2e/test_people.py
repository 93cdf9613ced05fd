"""/users, /displays and /profile in a browser: by keys, with mistakes told at their fields, what is told once shown once."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PASSWORD

PATIENCE_MS = 30_000
OWN = "夜里看星星的猫头鹰飞走"


def shot(page: Page, name: str) -> None:
    folder = os.environ.get("GRIDBOARD_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


@pytest.fixture
def users(logged_in) -> Page:
    page = logged_in("admin")
    page.goto("/users")
    expect(page.locator("#users-box tbody tr").first).to_be_visible(timeout=PATIENCE_MS)
    return page


def row(page: Page, name: str):
    return page.locator(f'tr[data-user="{name}"]')


def test_a_user_is_added_comes_in_and_is_switched_off(users: Page, browser: Browser, site: str) -> None:
    page = users
    shot(page, "users")
    page.locator("#user-add-open").press("Enter")
    dialog = page.locator("#user-add")
    expect(page.locator("#user-add-username")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.locator('[data-field="username"] .field-missing')).to_have_text("请填写")
    expect(dialog.locator('[data-field="area"] .field-missing')).to_have_text("请填写")
    expect(page.locator("#user-add-username")).to_be_focused()
    shot(page, "users_add_wrong")
    page.keyboard.type("duty.menghai")
    dialog.locator("#user-add-role").select_option("dispatcher")
    dialog.locator("#user-add-area").fill("勐海县")
    found = dialog.locator('[data-field="area"] .suggestion').first
    expect(found).to_contain_text("勐海县")
    shot(page, "users_add_suggestions")
    found.press("Enter")
    expect(dialog.locator("#user-add-area")).to_have_value("532822")
    expect(dialog.locator('[data-field="area"] .field-chosen')).to_have_text("勐海县")
    dialog.locator("#user-add-area").press("Enter")
    expect(dialog.locator('[data-field="organisation"] .field-missing')).to_have_text("此角色必须填写所属单位")
    dialog.locator("#user-add-organisation").fill("勐海县")
    dialog.locator('[data-field="organisation"] .suggestion').first.click()
    dialog.locator("#user-add-organisation").press("Enter")
    secret = page.locator("#secret-value")
    expect(secret).to_be_visible()
    password = secret.input_value()
    assert re.fullmatch(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", password)
    shot(page, "users_secret")
    page.mouse.click(5, 400)
    expect(secret).to_be_visible()
    page.keyboard.press("Escape")
    expect(secret).to_be_hidden()
    assert secret.input_value() == "", "it is not kept in the page"
    expect(row(page, "duty.menghai")).to_contain_text("待改初始密码")

    other = browser.new_context(base_url=site).new_page()
    other.goto("/login")
    other.locator("input[name=username]:visible").fill("duty.menghai")
    other.locator("input[name=password]:visible").fill(password)
    other.keyboard.press("Enter")
    expect(other.locator("[name=new_password]")).to_be_focused()
    shot(other, "first_password")
    other.keyboard.type("short")
    other.locator("[name=repeat]").fill("short")
    other.keyboard.press("Enter")
    expect(other.locator("#wrong-new")).to_have_text("至少 10 个字符")
    other.locator("[name=new_password]").fill(OWN)
    other.locator("[name=repeat]").fill(OWN)
    other.keyboard.press("Enter")
    expect(other).to_have_url(re.compile("/dispatch"), timeout=PATIENCE_MS)

    switch = row(page, "duty.menghai").get_by_role("button", name="停用")
    name = switch.get_attribute("id")
    switch.press("Enter")
    expect(page.locator("#confirm-dialog")).to_contain_text("duty.menghai")
    shot(page, "users_confirm")
    page.keyboard.press("Enter")
    expect(row(page, "duty.menghai")).to_contain_text("已停用")
    expect(page.locator(f"[id='{name}']")).to_be_focused()
    expect(page.locator("#toast")).to_contain_text("账号已停用")
    assert other.context.request.get("/api/session").status == 401
    other.context.close()


def test_a_role_is_changed_and_the_search_finds_it(users: Page) -> None:
    page = users
    row(page, "dispatcher.jinghong").get_by_role("button", name="变更").click()
    dialog = page.locator("#user-edit")
    expect(dialog).to_contain_text("dispatcher.jinghong")
    expect(dialog.locator("#user-edit-role")).to_have_value("dispatcher")
    expect(dialog.locator('[data-field="area"] .field-chosen')).to_have_text("景洪市")
    shot(page, "users_edit")
    dialog.locator("#user-edit-role").select_option("leader")
    dialog.get_by_role("button", name="保存").click()
    expect(row(page, "dispatcher.jinghong")).to_contain_text("责任领导")
    expect(dialog).to_be_hidden()
    page.locator("#users-role").select_option("leader")
    page.locator("#users-q").fill("jinghong")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("role=leader"))
    expect(page.locator("#users-box tbody tr")).to_have_count(1, timeout=PATIENCE_MS)
    page.goto("/users?q=nobody")
    expect(page.locator("#users-box")).to_contain_text("没有符合条件的用户", timeout=PATIENCE_MS)
    page.goto("/users?area=NOPE")
    expect(page.locator("#users-box")).to_contain_text("查找条件有误", timeout=PATIENCE_MS)
    page.goto("/users")
    expect(row(page, "admin")).to_contain_text("本人", timeout=PATIENCE_MS)
    expect(row(page, "admin").get_by_role("button")).to_have_count(0)
    row(page, "dispatcher.jinghong").get_by_role("button", name="变更").click()
    page.locator("#user-edit-role").select_option("dispatcher")
    page.locator("#user-edit").get_by_role("button", name="保存").click()
    expect(row(page, "dispatcher.jinghong")).to_contain_text("调度员")


def test_a_wall_is_added_opened_moved_and_goes_dark(logged_in, browser: Browser, site: str) -> None:
    page = logged_in("admin")
    page.goto("/displays")
    expect(page.locator("#displays-box")).to_contain_text("还没有大屏", timeout=PATIENCE_MS)
    shot(page, "displays_empty")
    page.locator("#display-add-open").click()
    page.keyboard.type("指挥大厅东墙")
    page.locator("#display-add-area").fill("532801")
    page.keyboard.press("Enter")
    expect(page.locator("#secret-value")).to_be_visible()
    address = page.locator("#secret-value").input_value()
    assert address.startswith(f"{site}/wall?display=")
    shot(page, "displays_secret")
    page.get_by_role("button", name="已记下，关闭").click()

    wall = browser.new_context(base_url=site).new_page()
    wall.goto(address)
    expect(wall.locator("#area-title")).to_have_text("景洪市", timeout=PATIENCE_MS)
    expect(wall.locator("#live-status")).to_have_attribute("data-state", "live", timeout=PATIENCE_MS)
    page.reload()
    shown = page.locator('[data-display-name="指挥大厅东墙"]')
    expect(shown).to_have_attribute("data-state", "live", timeout=PATIENCE_MS)
    shot(page, "displays")
    shown.get_by_role("button", name="变更").click()
    page.locator("#display-edit-area").fill("532822")
    page.keyboard.press("Enter")
    expect(shown).to_contain_text("532822")
    expect(wall.locator("#area-title")).to_have_text("勐海县", timeout=PATIENCE_MS)
    expect(wall.locator("#live-status")).to_have_attribute("data-state", "live", timeout=PATIENCE_MS)
    shown.get_by_role("button", name="停用").click()
    page.locator("#confirm-dialog").get_by_role("button", name="确定").click()
    expect(page.locator("tr", has_text="指挥大厅东墙").get_by_role("button")).to_have_count(0)
    expect(wall.locator(".wall")).to_have_count(0, timeout=PATIENCE_MS)
    shot(wall, "wall_dark")
    wall.context.close()


@pytest.mark.parametrize("user", ["leader", "handler", "auditor"])
def test_everybody_has_a_page_of_their_own_and_no_other_ones(logged_in, user: str) -> None:
    page = logged_in(user)
    page.goto("/profile")
    expect(page.locator("#profile-box")).to_contain_text(user, timeout=PATIENCE_MS)
    shot(page, f"profile_{user}")
    for path in ("/users", "/displays"):
        page.goto(path)
        expect(page.get_by_text("您的岗位不使用此页面")).to_be_visible(timeout=PATIENCE_MS)


def test_the_menu_leads_to_the_password(logged_in, browser: Browser, site: str) -> None:
    page = logged_in("auditor")
    elsewhere = browser.new_context(base_url=site)
    assert elsewhere.request.post("/api/session", data={"username": "auditor", "password": PASSWORD}).ok
    page.goto("/audit")
    page.locator(".user-menu summary").click(timeout=PATIENCE_MS)
    page.get_by_role("link", name="个人资料").click()
    expect(page.locator("#profile-sessions")).to_be_visible(timeout=PATIENCE_MS)
    old, new, repeat = (page.locator(f"#password-{name}") for name in ("old", "new", "repeat"))
    old.fill("wrong")
    new.fill(OWN)
    repeat.fill("another")
    repeat.press("Enter")
    expect(page.locator('[data-field="repeat"] .field-missing')).to_have_text("两次输入的新密码不一致")
    repeat.fill(OWN)
    repeat.press("Enter")
    expect(page.locator('[data-field="old"] .field-missing')).to_have_text("原密码不正确")
    expect(old).to_be_focused()
    shot(page, "profile_wrong")
    old.fill(PASSWORD)
    old.press("Enter")
    expect(page.locator("#toast")).to_contain_text("密码已修改")
    expect(page.locator("#profile-sessions")).to_contain_text("1 处")
    assert [box.input_value() for box in (old, new, repeat)] == ["", "", ""]
    assert elsewhere.request.get("/api/session").status == 401
    # the page goes on with the new session: a change, and the stream
    expect(page.locator("#live-status")).to_have_attribute("data-state", "live", timeout=PATIENCE_MS)
    page.locator(".profile-screen").get_by_role("button", name="English").click()
    expect(page.locator("#profile-box")).to_contain_text("Signed in at 1 place", timeout=PATIENCE_MS)
    shot(page, "profile_en")
    page.locator(".profile-screen [data-locale=zh_CN]").click()
    expect(page.locator("#profile-box")).to_contain_text("当前有 1 处登录", timeout=PATIENCE_MS)
    elsewhere.close()


@pytest.mark.parametrize("path", ["/users", "/displays", "/profile"])
def test_it_is_read_on_a_phone(logged_in, path: str) -> None:
    page = logged_in("admin", width=390, height=844)
    page.goto(path)
    box = page.locator(f"#{path[1:]}-box")
    expect(box.locator(".skeleton")).to_have_count(0, timeout=PATIENCE_MS)
    expect(box).not_to_be_empty()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shot(page, f"phone_{path[1:]}")
    page.locator(".user-menu summary").click()
    expect(page.locator(".menu-narrow").first).to_be_visible()
    shot(page, f"phone_{path[1:]}_menu")
