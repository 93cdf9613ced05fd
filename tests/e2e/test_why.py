"""Why a grid has its tier, in a browser: bars that add up and open what is behind them, what would lower it, an override."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.steps.browser import asked, painted, until

ROOT = "532800"


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=30_000)


def grid_with(page: Page, factor: str) -> dict:
    """The answer about a grid that something countable pushed."""
    for one in asked(page, "GET", f"/api/areas/{ROOT}/why")["worst"]:
        found = asked(page, "GET", f"/api/areas/{one['code']}/why")
        if any(row["factor"] == factor and row["items"] for row in found["factors"]):
            return found
    raise AssertionError(f"nothing counts for {factor} in the worst grids")


def opened(page: Page, code: str) -> None:
    page.goto(f"/map?area={code}")
    painted(page, code)
    expect(page.locator("#why .why-bars")).to_be_visible()


@pytest.fixture
def page(logged_in) -> Page:
    found = logged_in("leader")
    found.goto("/map")
    painted(found)
    return found


def test_bars_add_up_and_each_opens_exactly_what_is_behind_it(page: Page) -> None:
    found = grid_with(page, "three_classes")
    opened(page, found["area"])
    bars = page.locator("#why [data-contribution]")
    told = {bar.get_attribute("data-factor"): float(bar.get_attribute("data-contribution") or "") for bar in bars.all()}
    assert told == {one["factor"]: pytest.approx(one["contribution"]) for one in found["factors"]}
    assert sum(told.values()) == pytest.approx(found["score"], abs=0.005)
    expect(page.locator("#why-bars .js-plotly-plot .bars path").first).to_be_attached()
    for one in found["factors"]:
        cases = [item["case_no"] for item in one["items"] if item.get("case_no")]
        if not cases:
            continue
        page.locator(f"#why button[data-factor={one['factor']}]").click()
        expect(page).to_have_url(re.compile(rf"factor={one['factor']}"))
        expect(page.locator("#list-open-total")).to_have_text(str(len(cases)))
        until(
            page,
            "gridboard.markers()",
            len(
                page.request.get(f"/api/markers?area={found['area']}&factor={one['factor']}").json()["items"]["case_no"]
            ),
        )
        expect(page).to_have_title(re.compile(one["name"]))
        behind = page.locator(f"#why [data-items={one['factor']}]")
        assert {item.get_attribute("data-open-case") for item in behind.locator("[data-open-case]").all()} == set(cases)
        *shares, total = [float(words) for words in behind.locator(".bar-value").all_inner_texts()]
        assert sum(shares) == pytest.approx(total) == pytest.approx(one["amount"], abs=0.006)
    page.keyboard.press("0")
    expect(page.locator("#why .why-items:visible")).to_have_count(0)


def test_a_bar_of_places_shows_them_on_the_map(page: Page) -> None:
    found = grid_with(page, "key_places")
    opened(page, found["area"])
    places = [item for one in found["factors"] if one["factor"] == "key_places" for item in one["items"]]
    page.locator("#why button[data-factor=key_places]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#why [data-items=key_places] [data-at]")).to_have_count(len(places))
    counts = "Object.values(gridboard.page.map.layers.get('key_places').counts()).reduce((sum, n) => sum + n, 0)"
    until(page, counts, len(places))
    expect(page.locator("#why button[data-factor=key_places]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("factor="))


def test_a_leader_holds_a_grid_in_a_tier_by_the_form_and_lets_go(page: Page) -> None:
    found = grid_with(page, "three_classes")
    opened(page, found["area"])
    page.locator("#override-open").click()
    form = page.locator("#override-dialog form")
    form.locator("button[type=submit]").click()
    expect(form.locator("[data-field=reason] .field-missing")).not_to_be_empty()
    expect(form.locator("[data-field=until] .field-missing")).not_to_be_empty()
    form.locator("[name=reason]").fill("近期走访反映集中")
    page.keyboard.press("Escape")
    page.reload()
    painted(page, found["area"])
    page.locator("#override-open").click()
    expect(form.locator("[name=reason]")).to_have_value("近期走访反映集中")
    form.locator("[name=tier]").select_option("watch")
    until_day = page.evaluate("new Date(gridboard.page.store.now() + 5 * 86400000).toISOString().slice(0, 10)")
    form.locator("[name=until]").fill(f"{until_day}T10:30")
    form.locator("button[type=submit]").click()
    held = page.locator("#why .why-override")
    expect(held).to_contain_text("近期走访反映集中")
    expect(held).to_contain_text("按规则应为")
    assert asked(page, "GET", f"/api/areas/{found['area']}")["tier"] == "watch"
    page.locator("#override-open").click()
    expect(form.locator("[name=reason]")).to_have_value("")
    page.keyboard.press("Escape")
    page.locator("#override-end").click()
    page.locator("#confirm-dialog button[type=submit]").click()
    expect(held).to_have_count(0)
    assert asked(page, "GET", f"/api/areas/{found['area']}/why")["override"] is None


def test_above_the_grids_it_says_which_turned_and_leads_there(page: Page) -> None:
    found = asked(page, "GET", f"/api/areas/{ROOT}/why")
    summary = page.locator(".why-above summary")
    expect(summary).to_contain_text(str(found["distribution"]["key"]))
    summary.focus()
    page.keyboard.press("Enter")
    rows = page.locator("#why .why-areas [data-go-area]")
    expect(rows).to_have_count(len(found["turned"]["items"]))
    door = next(one for one in found["pushed"] if one["list"] and one["list"].startswith("/api/cases"))
    page.locator(f"#why button[data-factor={door['factor']}]").click()
    total = page.request.get(f"{door['list']}&limit=1").json()["total"]
    expect(page.locator("#list-open-total")).to_have_text(f"{total:,}")
    rows.first.click()
    painted(page, found["turned"]["items"][0]["code"])
    expect(page.locator("#why .why-bars")).to_be_visible()
    score = asked(page, "GET", f"/api/areas/{found['turned']['items'][0]['code']}/why")["score"]
    expect(page.locator("#why .why-total")).to_have_attribute("data-score", f"{score:.2f}")


def test_cases_that_would_lower_it_are_listed(page: Page, logged_in) -> None:
    """By a rule whose threshold lies just under the score of a grid with an open dispute."""
    tiers = asked(page, "GET", f"/api/tiers?area={ROOT}&level=grid")
    for code in (code for code, number in zip(tiers["code"], tiers["open"], strict=True) if number):
        found = asked(page, "GET", f"/api/areas/{code}/why")
        disputes = next(one for one in found["factors"] if one["factor"] == "disputes")
        if any(item.get("open") for item in disputes["items"]):
            break
    else:
        raise AssertionError("no open dispute counts anywhere")
    admin = logged_in("admin")
    rule = asked(admin, "GET", f"/api/rules/{found['rule_version']}")["rule"]
    rule |= {"thresholds": {"key": round(found["score"] - 0.01, 2), "watch": 0.1}, "hysteresis": 0}
    asked(admin, "POST", "/api/rules", {"rule": rule, "reason": "试行"})
    settle = next(one for one in asked(page, "GET", f"/api/areas/{code}/why")["lower"] if one["cases"])
    opened(page, code)
    expect(page.locator("#why .why-lower")).to_contain_text(settle["text"])
    door = page.locator("#why [data-filter-cases]").first
    door.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#list-open-total")).to_have_text(str(len(settle["cases"])))
    shown = page.locator("#list-open .case-row[data-case-no]")
    expect(shown).to_have_count(len(settle["cases"]))
    assert {row.get_attribute("data-case-no") for row in shown.all()} == set(settle["cases"])
    expect(page.locator("#filter-bar .filter-words")).to_contain_text("选定的")
