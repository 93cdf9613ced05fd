"""/rules: a copy of the rule is changed by pointer and by keys, the map follows, nothing is lost, and what is published is in
force at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.steps.browser import asked

KEY = '[data-path="thresholds.key"]'
BAR = "#rule-trial"
FACTOR = "#rule-factors > .rule-factor"


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=30_000)


def opened(page: Page) -> Page:
    page.goto("/rules")
    expect(page.locator(FACTOR).nth(5)).to_be_attached()
    expect(page.locator("#rule-counts [data-tier=key] [data-count=now]")).not_to_be_empty()
    page.evaluate("window.gridboard.ready")
    return page


def number(page: Page, tier: str, name: str) -> int:
    return int(page.locator(f"#rule-counts [data-tier={tier}] [data-count={name}]").inner_text())


def red_grids(page: Page) -> int:
    return page.evaluate(
        """() => { const { map } = window.gridboard.page;
        return [...map.scene.areaLevels.at(-1).child.keys()].filter((code) => map.index.tierOf(code) === 'key').length; }"""
    )


def test_a_slider_recolours_the_map_by_key_and_the_screen_says_that_it_is_a_trial(logged_in) -> None:
    page = opened(logged_in("leader"))
    now = number(page, "key", "now")
    expect(page.locator(BAR)).to_be_hidden()
    assert red_grids(page) == now and number(page, "key", "then") == now
    expect(page.locator("#rule-publish-open")).to_have_count(0)
    slider = page.locator(f"{KEY} .rule-slider")
    slider.focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(BAR)).to_contain_text("不是现行等级")
    expect(page.locator("#rule-moved li").first).to_be_visible()
    expect(page.locator("#rule-counts")).to_have_attribute("aria-busy", "false")
    then = number(page, "key", "then")
    assert then > now and number(page, "key", "gained") == then - now
    page.wait_for_function(
        """n => { const { map } = window.gridboard.page; return n === [...map.scene.areaLevels.at(-1).child.keys()]
        .filter((code) => map.index.tierOf(code) === 'key').length; }""",
        arg=then,
    )
    said = page.locator(f"{KEY} .rule-number").input_value()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    opened_again = page.locator(f"{KEY} .rule-number")
    expect(opened_again).to_have_value(said)
    expect(page.locator(BAR)).to_be_visible()
    page.locator("[data-action=rule-discard]").click()
    expect(page.locator(BAR)).to_be_hidden()
    expect(page.locator("#rule-counts [data-tier=key] [data-count=then]")).to_have_text(str(now))
    expect(page.locator("#rule-counts")).to_have_attribute("aria-busy", "false")
    assert red_grids(page) == now


def test_leaving_with_changes_asks(logged_in) -> None:
    page = opened(logged_in("leader"))
    page.locator(f"{KEY} .rule-number").fill("8")
    expect(page.locator(BAR)).to_be_visible()
    asked_for = []
    page.on("dialog", lambda dialog: (asked_for.append(dialog.type), dialog.accept()))
    page.locator(".page-link[data-page=map]").click()
    expect(page).to_have_url(re.compile("/map"))
    assert asked_for == ["beforeunload"]


def test_every_fault_stands_at_its_field(logged_in) -> None:
    page = opened(logged_in("admin"))
    page.locator(f"{KEY} .rule-number").fill("1")
    expect(page.locator(f"{KEY} .field-missing")).to_contain_text("重点阈值（1.0）应高于关注阈值")
    page.locator(f"{KEY} .rule-number").fill("zehn")
    expect(page.locator(f"{KEY} .field-missing")).to_have_text("“zehn”不是数字")
    weight = page.locator('[data-path="factors.2.weight"]')
    weight.locator(".rule-number").fill("")
    expect(weight.locator(".field-missing")).to_have_text("缺少此项")
    expect(page.locator("#rule-moved-title")).to_contain_text("2处")
    page.locator("[data-action=rule-discard]").click()
    expect(page.locator(".rule-row .field-missing:not(:empty)")).to_have_count(0)


def test_a_factor_without_a_source_is_refused_and_one_with_it_counts(logged_in) -> None:
    page = opened(logged_in("admin"))
    page.locator("[data-action=rule-factor-add]").click()
    expect(page.locator(FACTOR)).to_have_count(7)
    page.keyboard.type("夜间警情")
    added = page.locator(FACTOR).nth(6)
    expect(added.locator(".rule-name")).to_have_text("夜间警情")
    added.locator("[data-action=rule-source-remove]").click()
    expect(added.locator('.field-missing[data-word="sources"]')).not_to_be_empty()
    added.locator("[data-action=rule-source-add]").click()
    added.locator("[data-list=kinds] summary").click()
    added.locator("[data-list=kinds] input[value=incident]").check()
    expect(added.locator(".rule-counted")).to_contain_text("案件（")
    expect(added.locator('.field-missing[data-word="sources"]')).to_be_empty()
    added.locator('[data-amount="weight"] .rule-number').fill("90")
    expect(page.locator("#rule-counts")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#rule-moved li").first).to_be_visible()
    added.locator("[data-action=rule-factor-remove]").click()
    expect(page.locator(FACTOR)).to_have_count(6)
    expect(page.locator(BAR)).to_be_hidden()


def test_a_published_version_is_in_force_at_once_here_and_on_other_pages(logged_in) -> None:
    watching = logged_in("leader")
    watching.goto("/map")
    watching.evaluate("window.gridboard.ready")
    page = opened(logged_in("admin"))
    count = page.locator(".rule-versions > li").count()
    page.locator(f"{KEY} .rule-number").fill("8.5")
    expect(page.locator("#rule-moved li").first).to_be_visible()
    code = page.locator("#rule-moved li").first.get_attribute("data-code")
    page.locator("#rule-publish-open").click()
    expect(page.locator("#rule-publish-changes")).to_contain_text("改为8.5")
    page.locator("#rule-publish [type=submit]").click()
    expect(page.locator("#rule-publish .field-missing")).to_contain_text("请填写理由")
    page.locator("#rule-reason").fill("研判会议定")
    page.locator("#rule-publish [type=submit]").click()
    expect(page.locator(".rule-versions > li")).to_have_count(count + 1)
    newest = page.locator(".rule-versions > li").first
    expect(newest).to_contain_text("现行")
    expect(newest).to_contain_text("研判会议定")
    expect(newest.locator(".rule-changes")).to_contain_text("改为8.5")
    expect(page.locator(BAR)).to_be_hidden()
    assert asked(page, "GET", "/api/rules")["items"][0]["reason"] == "研判会议定"
    watching.wait_for_function("code => window.gridboard.tierOf(code) === 'key'", arg=code)


def test_an_auditor_reads_and_changes_nothing(logged_in) -> None:
    page = logged_in("auditor")
    page.goto("/rules")
    expect(page.locator(FACTOR)).to_have_count(6)
    expect(page.locator(f"{KEY} .rule-slider")).to_be_disabled()
    expect(page.locator("[data-action=rule-load], #rule-publish-open, #rule-backtest-run")).to_have_count(0)
    expect(page.locator(".rules-right")).to_contain_text("试算由领导或管理员进行")


def test_the_back_test_draws_its_quarters_and_says_what_they_tell(logged_in) -> None:
    page = opened(logged_in("leader", width=1920, height=1080))
    page.locator("#rule-backtest-run").click()
    expect(page.locator(".back-chart .back-band")).not_to_have_count(0)
    expect(page.locator("#rule-backtest")).to_contain_text("90%区间")
    expect(page.locator("#rule-backtest tr")).to_have_count(9)
    page.locator(f"{KEY} .rule-number").fill("8.1")
    expect(page.locator(".back-old")).to_be_visible()
