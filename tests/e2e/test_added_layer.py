"""The layer of docs/adding-a-layer.md, word for word, on the real map."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from playwright.sync_api import Page, Route

from tests.steps.browser import painted, until

DOC = (Path(__file__).resolve().parents[2] / "docs" / "adding-a-layer.md").read_text("utf-8")


def example(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", DOC, re.S)
    assert found
    return found.group(1)


def add_layer(page: Page) -> None:
    """The configuration names it, and its script comes with the bundle."""
    names: dict = {}
    exec(compile(example("python"), "adding-a-layer.md", "exec"), names)

    def client(route: Route) -> None:
        answer = route.fetch()
        config = answer.json()
        config["layers"].append(dataclasses.asdict(names["centres"]))
        config["texts"]["js.layer.centres"] = "Centre"
        route.fulfill(response=answer, json=config)

    def script(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text() + example("js"))

    page.route("**/api/client", client)
    page.route("**/assets/dist/gridboard.js*", script)


def test_it_has_a_toggle_and_stands_on_the_map(logged_in) -> None:
    page = logged_in("leader", width=1920, height=1080)
    add_layer(page)
    page.goto("/map?layers=boundaries")
    painted(page)
    toggle = page.locator("#layer-toggle-centres")
    assert toggle.get_attribute("aria-label") == "Centre"
    assert toggle.get_attribute("aria-pressed") == "false"
    empty = page.evaluate("[...document.querySelectorAll('canvas.map-sheet')].at(-1).toDataURL().length")
    toggle.click()
    until(page, f"[...document.querySelectorAll('canvas.map-sheet')].at(-1).toDataURL().length > {empty}")
    assert "centres" in page.url
