"""Nothing typed is lost: drafts through reloads, conflicts and another tab; one tray of unsent work on the desk too."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.steps.browser import asked, put_in_queue

WORDS = "写到一半的理由"


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=30_000)


@pytest.fixture
def page(logged_in: Callable[..., Page]) -> Page:
    return logged_in("dispatcher")


def a_case(page: Page, status: str = "waiting") -> dict:
    """A case of this test alone."""
    like = asked(page, "GET", "/api/cases?limit=1")["items"][0]
    form = {name: like[name] for name in ("kind", "category", "lon", "lat")} | {"title": "草稿测试案件"}
    if status == "waiting":
        return put_in_queue(page, form)
    return dict(asked(page, "POST", "/api/cases", form))


def open_case(page: Page, case_no: str) -> None:
    page.goto(f"/map?case={case_no}")
    expect(page.locator(f'.case-panel.shown .case[data-case-no="{case_no}"]')).to_be_visible()


def press(page: Page, move: str) -> None:
    button = page.locator(f'.case [data-move="{move}"]')
    if not button.is_visible():
        page.locator(".case-buttons summary").click()
    button.click()


def box_of(page: Page, move: str):
    return page.locator(f'.move-form[data-form="{move}"] textarea')


def moved_by_another(logged_in: Callable[..., Page], case: dict, **form) -> dict:
    other = logged_in("dispatcher")
    return dict(asked(other, "POST", f"/api/cases/{case['case_no']}/moves", {"version": case["version"], **form}))


def test_a_draft_outlives_a_reload_and_is_shared_with_another_tab(page: Page) -> None:
    case = a_case(page)
    open_case(page, case["case_no"])
    press(page, "refer_up")
    box_of(page, "refer_up").fill(WORDS)
    page.reload()
    expect(box_of(page, "refer_up")).to_have_value(WORDS)
    tab = page.context.new_page()
    open_case(tab, case["case_no"])
    expect(box_of(tab, "refer_up")).to_have_value(WORDS)
    box_of(tab, "refer_up").fill(f"{WORDS}，续")
    expect(box_of(page, "refer_up")).to_have_value(f"{WORDS}，续")
    tab.keyboard.press("Escape")
    expect(box_of(page, "refer_up")).to_be_hidden()
    tab.close()


def test_a_draft_of_one_case_is_not_shown_on_another(page: Page) -> None:
    first, second = (a_case(page)["case_no"] for _ in range(2))
    open_case(page, first)
    press(page, "refer_up")
    box_of(page, "refer_up").fill(WORDS)
    open_case(page, second)
    expect(box_of(page, "refer_up")).to_be_hidden()
    open_case(page, first)
    expect(box_of(page, "refer_up")).to_have_value(WORDS)


def test_after_a_conflict_the_words_stand_in_the_fresh_case_and_go_out(page: Page, logged_in) -> None:
    case = a_case(page)
    open_case(page, case["case_no"])
    press(page, "comment")
    box_of(page, "comment").fill(WORDS)
    page.route(re.compile("_dash-update-component"), lambda route: route.abort())
    moved_by_another(logged_in, case, move="refer_up", reason="跨县")
    page.locator('.move-form[data-form="comment"] [data-send]').click()
    expect(page.locator(".case-message")).to_contain_text("内容已保留")
    expect(box_of(page, "comment")).to_have_value(WORDS)
    page.unroute(re.compile("_dash-update-component"))
    page.reload()
    expect(box_of(page, "comment")).to_have_value(WORDS)
    page.locator('.move-form[data-form="comment"] [data-send]').click()
    expect(page.locator(".trace-reason").first).to_have_text(WORDS)
    expect(box_of(page, "comment")).to_be_hidden()
    page.reload()
    expect(page.locator(".case-panel.shown .case")).to_be_visible()
    expect(box_of(page, "comment")).to_be_hidden()


def test_words_for_a_move_that_is_not_possible_any_more_can_still_be_copied(page: Page, logged_in) -> None:
    case = a_case(page, "reported")
    open_case(page, case["case_no"])
    press(page, "reject")
    box_of(page, "reject").fill(WORDS)
    moved_by_another(logged_in, moved_by_another(logged_in, case, move="accept"), move="assess")
    kept = page.locator(".case-kept")
    expect(kept.locator("textarea")).to_have_value(WORDS)
    kept.locator("button").click()
    expect(kept).to_be_hidden()


def test_what_the_desk_could_not_send_stands_in_the_tray_and_goes_out(page: Page) -> None:
    case_no = a_case(page)["case_no"]
    open_case(page, case_no)
    page.route("**/moves", lambda route: route.abort())
    press(page, "comment")
    box_of(page, "comment").fill(WORDS)
    page.locator('.move-form[data-form="comment"] [data-send]').click()
    tray = page.locator("#pending")
    expect(tray).to_contain_text(WORDS)
    expect(tray).to_contain_text(case_no)
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator(".user-menu > summary").click()
    page.locator('[data-action="logout"]').click()
    expect(tray).to_contain_text(WORDS)
    assert len(asked) == 1 and "1 件" in asked[0]
    page.reload()
    expect(tray).to_contain_text(WORDS)
    page.unroute("**/moves")
    tray.locator(".button-main").click()
    expect(tray).to_be_hidden()
    expect(page.locator(".trace-reason").first).to_have_text(WORDS)


def test_what_was_refused_meanwhile_opens_as_a_draft_on_the_fresh_case(page: Page, logged_in) -> None:
    case = a_case(page)
    open_case(page, case["case_no"])
    page.route("**/moves", lambda route: route.abort())
    press(page, "refer_up")
    box_of(page, "refer_up").fill(WORDS)
    page.locator('.move-form[data-form="refer_up"] [data-send]').click()
    tray = page.locator("#pending")
    expect(tray).to_contain_text(WORDS)
    moved_by_another(logged_in, case, move="refer_up", reason="跨县")
    page.unroute("**/moves")
    page.goto("/map")
    expect(tray.locator("button", has_text="查看案件")).to_be_visible()
    tray.locator("button", has_text="查看案件").click()
    expect(page.locator(f'.case[data-case-no="{case["case_no"]}"]')).to_be_visible()
    expect(tray).to_be_hidden()
    kept = page.locator(".case-kept textarea, .move-form[data-form='refer_up'] textarea")
    expect(kept.first).to_have_value(WORDS)


def test_a_key_that_bounces_dispatches_one_case(page: Page) -> None:
    sent: list[dict] = []
    page.on("request", lambda request: sent.append(_body(request)) if request.url.endswith("/moves") else None)
    page.goto("/dispatch")
    expect(page.locator(".case-panel.shown .case #assign-submit")).to_be_visible()
    expect(page.locator("#claim-bar[data-state=mine]")).to_be_visible()
    first = page.locator(".case-panel.shown .case").get_attribute("data-case-no")
    page.evaluate(
        """(first) => {
          const press = () => document.dispatchEvent(new KeyboardEvent('keydown', { key: 'd', bubbles: true }));
          press();
          setTimeout(press, 100);
          // and the moment that the next case is in the page, before anybody can have seen it
          const drawn = new MutationObserver(() => {
            if (document.querySelector(`.case-panel.shown .case:not([data-case-no="${first}"])`)) {
              drawn.disconnect();
              press();
            }
          });
          drawn.observe(document.body, { childList: true, subtree: true });
        }""",
        first,
    )
    expect(page.locator(f'.case-panel.shown .case:not([data-case-no="{first}"])')).to_be_visible()
    page.wait_for_timeout(500)
    assert [one["move"] for one in sent] == ["dispatch"]
    expect(page.locator("#toast .bad")).to_have_count(0)


def _body(request) -> dict:
    return dict(json.loads(request.post_data or "{}"))
