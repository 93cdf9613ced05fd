"""The live client in a real browser: what it shows, what it tells the page, and how it comes back."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from sqlalchemy import text

from data import accounts
from rules.errors import Problem
from tests.integration.web.conftest import Site
from tests.steps.live import login, report

ROOT = Path(__file__).parents[3]
#: The client with the store and the bus that it works with, and no page around them.
CLIENT = """
import { bus } from './core/bus.mjs';
import { LiveStream } from './core/live_stream.mjs';
import { store } from './core/store.mjs';
window.told = [];
const emit = bus.emit.bind(bus);
bus.emit = (name, data) => { window.told.push([name, data]); emit(name, data); };
window.store = store;
window.cases = () => window.told.filter(([name]) => name === 'case').map(([, data]) => data.case_no);
store.set({ area: 'C', zone: 'Asia/Shanghai', config: { root: 'C' } });
new LiveStream().start();
bus.emit('painted', { area: 'C' });
"""
STAGE = """
<!DOCTYPE html><html lang="en"><body><div id="live-status" data-state="catching-up"><span class="live-text"></span>
<span class="live-time"></span></div><script>SCRIPT</script></body></html>
"""


@pytest.fixture(scope="module")
def script() -> str:
    subprocess.run([ROOT / "scripts" / "install_frontend.sh"], check=True)
    bundle = ["node_modules/.bin/esbuild", "--bundle", "--format=iife", "--sourcefile=dashboard/assets/app/client.mjs"]
    done = subprocess.run(bundle, cwd=ROOT, input=CLIENT.replace("./core", "./dashboard/assets/app/core"),
                          capture_output=True, text=True, check=True)  # fmt: skip
    return done.stdout


@pytest.fixture(scope="module")
def chromium() -> Iterator:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium-headless-shell", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def open_stage(script: str) -> Callable[[BrowserContext], Page]:
    """The client on a bare page of the site."""
    html = STAGE.replace("SCRIPT", script)

    def open_page(context: BrowserContext) -> Page:
        page = context.new_page()
        page.route("**/map*", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto("/map?area=C")
        expect(status(page, "live")).to_be_attached(timeout=15_000)
        return page

    return open_page


@pytest.fixture
def stage(chromium, address: str, open_stage: Callable[[BrowserContext], Page]) -> Iterator[Page]:
    """Such a page, logged in as the leader."""
    context = chromium.new_context(base_url=address)
    context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in login(address, "leader").cookies.items()]
    )
    yield open_stage(context)
    context.close()


def status(page: Page, state: str):
    return page.locator(f"#live-status[data-state={state}]")


def wait_for_cases(page: Page, number: int) -> list[str]:
    page.wait_for_function(f"cases().length >= {number}", timeout=20_000)
    return page.evaluate("cases()")


def test_what_happens_reaches_the_page_and_the_element(site: Site, stage: Page):
    case = report(site)
    assert wait_for_cases(stage, 1) == [case["case_no"]]
    assert int(stage.locator("#live-status").get_attribute("data-seq")) == stage.evaluate("store.state.seq") > 0
    assert stage.locator("#live-status .live-text").inner_text() == "js.live.live"
    assert stage.locator("#live-status .live-time").inner_text() == "12:00:00"


def test_a_cut_connection_is_told_and_made_good(site: Site, stage: Page):
    first = report(site)["case_no"]
    wait_for_cases(stage, 1)
    stage.context.set_offline(True)
    expect(status(stage, "stale")).to_be_attached(timeout=15_000)
    missed = [report(site)["case_no"] for _ in range(3)]
    stage.context.set_offline(False)
    expect(status(stage, "live")).to_be_attached(timeout=20_000)
    assert wait_for_cases(stage, 4) == [first, *missed]


def test_a_silent_database_is_told_and_made_good(site: Site, stage: Page, monkeypatch: pytest.MonkeyPatch):
    def silent(viewer):
        raise Problem("unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(site.services.database, "reading", silent)
        missed = report(site)["case_no"]
        expect(status(stage, "stale")).to_be_attached(timeout=15_000)
    expect(status(stage, "live")).to_be_attached(timeout=20_000)
    assert wait_for_cases(stage, 1) == [missed]


def test_another_area_loses_nothing_and_tells_nothing_twice(site: Site, stage: Page):
    told = [report(site, "C1V1G1")["case_no"], report(site, "C2V1G1")["case_no"]]
    wait_for_cases(stage, 2)
    stage.evaluate("store.set({ area: 'C2' })")
    told.append(report(site, "C2V1G2")["case_no"])
    assert wait_for_cases(stage, 3) == told
    stage.evaluate("store.set({ area: 'C' })")
    told.append(report(site, "C1V1G1")["case_no"])
    assert wait_for_cases(stage, 4) == told
    assert stage.evaluate("told.filter(([name, data]) => name === 'live' && data.state === 'stale').length") == 0


def test_many_pages_of_one_browser_hold_one_stream_and_each_hears(site: Site, stage: Page, open_stage):
    """A browser has six connections to a host; the seventh page would have none left for anything else."""
    pages = [stage, *(open_stage(stage.context) for _ in range(6))]
    first = report(site)["case_no"]
    for page in pages:
        assert wait_for_cases(page, 1) == [first]
    assert len(site.services.hub.subscribers) == 1
    # whoever leads goes: another takes over, and nobody misses what happens meanwhile
    pages.pop(0).close()
    second = report(site)["case_no"]
    for page in pages:
        assert wait_for_cases(page, 2) == [first, second]
        expect(status(page, "live")).to_be_attached(timeout=20_000)


def test_a_database_that_begins_anew_is_read_anew(site: Site, stage: Page):
    """As after a restore: the numbers of what happens are lower than those that were told already."""
    report(site)
    wait_for_cases(stage, 1)
    with stage.expect_event("load", timeout=20_000), site.world.database.owning() as connection:
        connection.execute(text("UPDATE chain_head SET seq = seq - 1 WHERE prefecture = 'C'"))


def test_an_ended_session_offers_the_way_in(site: Site, stage: Page):
    with site.world.database.owning() as connection:
        accounts.change_user(connection, "leader", active=False)
    link = stage.locator("#live-status .live-login")
    expect(link).to_be_attached(timeout=20_000)
    assert link.get_attribute("href") == "/login?next=%2Fmap%3Farea%3DC"
    expect(status(stage, "stale")).to_be_attached()
