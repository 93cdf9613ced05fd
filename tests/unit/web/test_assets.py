"""Static files from memory: the file as it is, nothing outside the folder, no copy of an older one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from web import problems
from web.static_files import Assets


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("secret")
    inside = tmp_path / "assets"
    (inside / "map").mkdir(parents=True)
    (inside / "map" / "view.js").write_text("first()")
    (inside / "out").symlink_to(tmp_path / "secret.txt")
    return inside


@pytest.fixture
def client(folder: Path) -> TestClient:
    server = FastAPI()
    problems.install(server)
    server.mount("/assets", Assets(folder))
    return TestClient(server, raise_server_exceptions=False)


def test_a_file_is_served_with_its_type_and_only_once(client, folder):
    answer = client.get("/assets/map/view.js?m=1")
    assert answer.text == "first()" and answer.headers["content-type"].startswith("text/javascript")
    assert client.get("/assets/map/view.js", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert client.head("/assets/map/view.js").text == ""
    (folder / "map" / "view.js").write_text("second()")
    os.utime(folder / "map" / "view.js", ns=(1, 1))
    assert client.get("/assets/map/view.js").text == "second()"


@pytest.mark.parametrize(
    "path",
    ["", "map", "none.js", "../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", "out", "/etc/passwd", "%00", "a" * 300,
     "map/view.js/", "map%5cview.js", "%ff"],
)  # fmt: skip
def test_everything_else_is_not_there(client, path):
    answer = client.get(f"/assets/{path}")
    assert answer.status_code in (200, 404) and "secret" not in answer.text and "root:" not in answer.text
    assert answer.status_code == 404 or path == "map/view.js/"


def test_it_is_only_read(client):
    assert client.post("/assets/map/view.js").status_code == 405
