"""The layer of docs/adding-a-layer.md, word for word, on the real map: drawn, switched, pointed at, pressed."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.steps.browser import painted, until

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "dashboard" / "assets"
DOC = (ROOT / "docs" / "adding-a-layer.md").read_text("utf-8")


def example(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", DOC, re.S)
    assert found
    return found.group(1)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The bundle of a source tree with one more module."""
    app, out = tmp_path_factory.mktemp("app"), tmp_path_factory.mktemp("dist")
    shutil.copytree(ASSETS / "app", app, dirs_exist_ok=True)
    (app / "map" / "layers" / "centres.mjs").write_text(example("js"), "utf-8")
    environment = os.environ | {"GRIDBOARD_APP_SOURCES": str(app), "NODE_PATH": str(ROOT / "node_modules")}
    subprocess.run([ROOT / "scripts" / "build_frontend.sh", out], check=True, env=environment)
    return (out / "gridboard.js").read_text("utf-8")


def add_layer(page: Page, bundle: str) -> None:
    """The configuration names it, and the bundle holds its module."""
    names: dict = {}
    exec(compile(example("python"), "adding-a-layer.md", "exec"), names)

    def client(route: Route) -> None:
        answer = route.fetch()
        config = answer.json()
        config["layers"].append(dataclasses.asdict(names["centres"]))
        config["texts"]["js.layer.centres"] = "Centre"
        route.fulfill(response=answer, json=config)

    page.route("**/api/client", client)
    page.route("**/assets/dist/gridboard.js*", lambda route: route.fulfill(response=route.fetch(), body=bundle))


def test_it_can_be_switched_pointed_at_and_pressed(logged_in, bundle: str) -> None:
    page = logged_in("leader", width=1920, height=1080)
    add_layer(page, bundle)
    page.goto("/map?layers=boundaries")
    painted(page)
    toggle = page.locator("#layer-toggle-centres")
    assert toggle.get_attribute("aria-label") == "Centre"
    assert toggle.get_attribute("aria-pressed") == "false"
    empty = page.evaluate("[...document.querySelectorAll('canvas.map-canvas')].at(-1).toDataURL().length")
    toggle.click()
    until(page, f"[...document.querySelectorAll('canvas.map-canvas')].at(-1).toDataURL().length > {empty}")
    assert "centres" in page.url
    point_at_it_and_press(page)


def point_at_it_and_press(page: Page) -> None:
    centre = page.request.get("/api/areas/532800").json()["centre"]
    before = page.evaluate("gridboard.page.map.zoom")
    room = page.locator("#map").bounding_box()
    at = page.evaluate(
        "([lat, lon]) => { const p = gridboard.page.map.leaflet.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }",
        [centre["lat"], centre["lon"]],
    )
    page.mouse.move(room["x"] + at[0] + 2, room["y"] + at[1])
    expect(page.locator(".map-tag")).to_contain_text(centre["name"])
    page.mouse.click(room["x"] + at[0] + 2, room["y"] + at[1])
    until(page, f"gridboard.page.map.zoom > {before} + 1")
    assert page.evaluate("gridboard.area") == "532800", "the area below was not meant"
