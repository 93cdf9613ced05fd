"""Every page in both themes by axe-core's rules: nothing serious; and every page at 200 % without sideways scrolling."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.steps.browser import asked, painted

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
THEMES = ("dark", "light")
SEVERE = ("serious", "critical")
#: Who looks at which page, and what is there once it is drawn. `CASE` is a case that this person may see.
PAGES = [
    (None, "/login", "form"),
    ("leader", "/map", "#count-open"),
    ("leader", "/map?case=CASE", ".case-panel.shown .case"),
    ("leader", "/case/CASE", ".sheet .case"),
    ("dispatcher", "/dispatch", ".queue-row"),
    ("dispatcher", "/dispatch?case=CASE", ".case-panel.shown .case"),
    ("handler", "/mine", ".mine-rows"),
    ("handler", "/mine?case=CASE", ".case"),
    ("auditor", "/audit", "table"),
    ("admin", "/users", "table"),
    ("admin", "/rules", "#rule-factors > .rule-factor"),
    ("admin", "/displays", "main"),
    ("admin", "/messages", "main"),
    ("admin", "/automatic", "main"),
    ("leader", "/profile", "form"),
    ("leader", "/no-such-page", ".state"),
]


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=30_000)


def opened(logged_in: Callable[..., Page], who: str | None, path: str, drawn: str) -> Page:
    page = logged_in(who or "leader")
    if who is None:
        page.context.clear_cookies()
    if "CASE" in path:
        path = path.replace("CASE", asked(page, "GET", "/api/cases?limit=1")["items"][0]["case_no"])
    page.goto(path)
    expect(page.locator(drawn).first).to_be_visible()
    return page


def findings(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    told: list[dict[str, Any]] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]} | {node['failureSummary'][:200]}"
        for one in told
        if one["impact"] in SEVERE
        for node in one["nodes"][:4]
    ]


@pytest.mark.parametrize(("who", "path", "drawn"), PAGES, ids=lambda value: str(value))
def test_a_page_has_no_serious_finding_in_either_theme(logged_in, who: str | None, path: str, drawn: str) -> None:
    page = opened(logged_in, who, path, drawn)
    page.wait_for_load_state("networkidle") if who == "handler" or who is None else page.wait_for_timeout(600)
    for theme in THEMES:
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        page.wait_for_timeout(250)
        assert findings(page) == [], theme


#: 1366 x 768 at 200 %, in CSS pixels.
ZOOMED = {"width": 683, "height": 384}
#: What somebody comes to a page for: it has to be in view, or come into view, whole in its width.
REACHED: dict[str, tuple[str, ...]] = {
    "/login": ("input[name=username]", "input[name=password]", "button[type=submit]"),
    "/map": ("#count-open", "#count-overdue", "#search", "#area-list .area-row", "#map-level"),
    "/map?case=CASE": (".case-panel.shown .case-title", ".case-buttons button", ".trace-entry"),
    "/case/CASE": (".case-title", ".trace-entry"),
    "/dispatch": (".queue-row", "#search"),
    "/dispatch?case=CASE": (".case-panel.shown .case-title", ".case-buttons button"),
    "/mine": (".mine-row", ".tab", "[data-action=open-report]"),
    "/mine?case=CASE": (".case-title", ".trace-entry"),
    "/audit": ("table td",),
    "/users": ("#user-add-open", "tbody tr"),
    "/displays": ("main button",),
    "/profile": ("#password-form input", "#password-form [type=submit]"),
}
SIDEWAYS = """() => {
    const { scrollWidth } = document.documentElement;
    const wide = [...document.querySelectorAll('body *')].filter((one) => {
        const { left, right, width } = one.getBoundingClientRect();
        return width && (right > innerWidth + 1 || left < -1) && !one.closest('.leaflet-container, .table-box, .unseen, [hidden]')
            && getComputedStyle(one).position !== 'absolute' && one.checkVisibility({ visibilityProperty: true });
    });
    const inside = (one) => {
        for (let up = one.parentElement; up; up = up.parentElement) {
            if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(up).overflowX)) {
                return up.getBoundingClientRect().right <= innerWidth + 1;
            }
        }
        return false;
    };
    return [scrollWidth > innerWidth ? scrollWidth : 0, wide.filter((one) => !inside(one))
        .map((one) => one.outerHTML.slice(0, 90))];
}"""
#: Where a press in the middle of what is seen of an element goes: to it.
IN_HAND = """(one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    const x = (Math.max(0, left) + Math.min(innerWidth, right)) / 2;
    const y = (Math.max(0, top) + Math.min(innerHeight, bottom)) / 2;
    const there = document.elementFromPoint(x, y);
    return left >= -1 && right <= innerWidth + 1 && Boolean(there) && (one.contains(there) || there.contains(one));
}"""


@pytest.mark.parametrize(("who", "path", "drawn"), PAGES, ids=lambda value: str(value))
def test_at_twice_the_size_nothing_scrolls_sideways_and_what_matters_is_reached(
    logged_in, who: str | None, path: str, drawn: str
) -> None:
    page = opened(lambda name: logged_in(name, **ZOOMED), who, path, drawn)
    page.wait_for_timeout(300)
    assert page.evaluate(SIDEWAYS) == [0, []]
    for selector in REACHED.get(path, ()):
        one = page.locator(selector).first
        one.scroll_into_view_if_needed()
        assert one.evaluate(IN_HAND), selector


MOVING = """() => document.getAnimations().filter((one) => one.effect.getComputedTiming().activeDuration > 1)
    .map((one) => one.animationName ?? one.transitionProperty)"""


def test_who_wants_no_motion_gets_none(logged_in) -> None:
    page = logged_in("leader")
    page.emulate_media(reduced_motion="reduce")
    page.goto("/map")
    painted(page)
    leaflet = "gridboard.page.map.leaflet"
    for act in (
        "gridboard.page.map.view.zoomBy(1)",
        "gridboard.page.map.view.goTo([21.9, 100.8], 11)",
        f"{leaflet}.panBy([80, 40])",
        f"{leaflet}.setZoom({leaflet}.getZoom() - 1)",
    ):
        moved = f"(() => {{ {act}; const map = {leaflet}; return Boolean(map._animatingZoom || map._panAnim?._inProgress); }})()"
        assert page.evaluate(moved) is False, act
    page.locator("#count-waiting").click()
    assert page.evaluate(MOVING) == []
    page.locator("#area-list .area-row").first.press("Enter")
    assert page.evaluate(MOVING) == []
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(f"(() => {{ {leaflet}.panBy([60, 0]); return {leaflet}._panAnim._inProgress; }})()") is True


CONTRAST = """() => {
    const style = getComputedStyle(document.documentElement);
    const light = (hex) => {
        const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
            .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const of = (name) => light(style.getPropertyValue(`--${name}`).trim());
    const ratio = (one, other) => (Math.max(of(one), of(other)) + 0.05) / (Math.min(of(one), of(other)) + 0.05);
    return { muted: ratio('muted', 'surface'), text: ratio('text', 'surface'), line: ratio('line', 'surface') };
}"""


@pytest.mark.parametrize("theme", THEMES)
def test_who_wants_more_contrast_gets_it_on_page_and_map(logged_in, theme: str) -> None:
    page = logged_in("leader")
    page.goto("/map")
    painted(page)
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    usual = page.evaluate(CONTRAST)
    layer = "gridboard.page.map.layers.topDown.find((one) => one.spec.id === 'boundaries').style"
    width = page.evaluate(f"{layer}.width")
    page.emulate_media(contrast="more")
    more = page.evaluate(CONTRAST)
    assert more["muted"] >= 7 and more["text"] >= 7 and more["line"] >= 3
    assert all(more[name] > usual[name] for name in more)
    assert page.evaluate(f"{layer}.width") > width
    assert page.evaluate(f"{layer}.opacity.key") > 0.55
