"""What a cold overview asks of the network, counted in the browser: requests and compressed bytes, until the map is painted
and until everything is there; and how few requests a way down takes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.steps.browser import click_area, painted, until

ROOT = "532800"

REQUESTS, PAINTED_BYTES, ALL_BYTES = 40, 600_000, 1_200_000
#: Beside tiles that are new.
REQUESTS_DOWN = 5
#: The page itself and what it asked for before its map stood: how many, and bytes as they travelled.
UNTIL_PAINTED = """() => {
    const { startTime: painted } = performance.getEntriesByName('map-painted')[0];
    const early = performance.getEntries().filter((one) => 'transferSize' in one && one.startTime < painted);
    return [early.length, early.reduce((sum, { transferSize }) => sum + transferSize, 0)];
}"""


@dataclass
class Traffic:
    """Requests by address, and bytes as they travelled."""

    addresses: list[str] = field(default_factory=list)
    bytes: int = 0

    @classmethod
    def of(cls, page: Page) -> Traffic:
        traffic = cls()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.clearBrowserCache")
        session.on("Network.requestWillBeSent", lambda event: traffic.asked(event["request"]["url"]))
        session.on("Network.dataReceived", lambda event: traffic.received(event["encodedDataLength"]))
        session.on("Network.responseReceived", lambda event: traffic.received(event["response"]["encodedDataLength"]))
        return traffic

    def asked(self, address: str) -> None:
        if address.startswith("http"):
            self.addresses.append(address)

    def received(self, length: float) -> None:
        self.bytes += int(length)


def test_a_cold_overview_is_light(logged_in) -> None:
    page = logged_in("leader", width=1920, height=1080)
    traffic = Traffic.of(page)
    page.goto(f"/map?area={ROOT}")
    painted(page)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_attached(timeout=30_000)
    page.wait_for_load_state("domcontentloaded")
    requests, until_painted = page.evaluate(UNTIL_PAINTED)
    said = f"painted: {requests} requests, {until_painted / 1000:.0f} kB; all: {traffic.bytes / 1000:.0f} kB"
    assert 20 < requests <= REQUESTS, (said, traffic.addresses)
    assert until_painted <= PAINTED_BYTES, said
    assert traffic.bytes <= ALL_BYTES, said
    assert not [address for address in traffic.addresses if "dash_table" in address]


def test_a_way_down_asks_for_little(logged_in) -> None:
    page = logged_in("leader", width=1920, height=1080)
    page.goto(f"/map?area={ROOT}&layers=boundaries")
    painted(page)
    until(page, "document.querySelectorAll('.js-plotly-plot').length > 0")
    child = page.request.get(f"/api/areas/{ROOT}/children").json()["items"][0]["code"]
    traffic = Traffic.of(page)
    click_area(page, child)
    painted(page, child)
    page.wait_for_timeout(500)
    besides = [address for address in traffic.addresses if not re.search("/tiles/|favicon", address)]
    assert len(besides) <= REQUESTS_DOWN, besides
    assert not [address for address in besides if "/api/tiers" in address]


def test_the_next_frame_shows_the_area_below_from_tiles_that_are_there(logged_in) -> None:
    page = logged_in("leader", width=1920, height=1080)
    page.goto(f"/map?area={ROOT}&layers=boundaries")
    painted(page)
    until(page, "gridboard.page.map.tiles.pending", 0)
    child = page.request.get(f"/api/areas/{ROOT}/children").json()["items"][0]["code"]
    # the server says nothing more
    page.route("**/api/**", lambda route: None)
    page.route("**/tiles/**", lambda route: None)
    page.evaluate("code => gridboard.page.map.areaClicked(code)", child)
    shown = "gridboard.page.map.scene.code"
    assert page.evaluate(f"new Promise((done) => requestAnimationFrame(() => done({shown})))") == child
    grandchildren = "[...gridboard.page.map.scene.child.child.keys()]"
    at = page.evaluate(f"gridboard.pixelOf({grandchildren}[0])")
    assert page.evaluate("at => gridboard.areaAt(at.x, at.y)", at) == page.evaluate(f"{grandchildren}[0]")
