"""Tiles a second, uncached, against TiPg on the same table in the same run."""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
from sqlalchemy import text

from bench.figures import Row
from bench.world import World, free_port
from data.database import SYSTEM
from data.server.cluster import OWNER

TIPG = Path(__file__).parent / ".venv-tipg"
LEVEL, ZOOM = "grid", 13
WEST, EAST, NORTH, SOUTH = 6360, 6412, 3580, 3616
WORKERS = 4
Address = tuple[int, int, int]


def measure(world: World) -> Iterator[Row]:
    addresses = [(ZOOM, x, y) for x in range(WEST, EAST) for y in range(NORTH, SOUTH)]
    ours, our_bytes = _ours(world, addresses)
    yield Row(
        "tiles", f"ours, uncached, zoom {ZOOM}", ours, "tiles/s", note=f"{our_bytes / len(addresses):.0f} bytes each"
    )
    if not (TIPG / "bin/python").exists():
        yield Row("tiles", "TiPg is not installed (bench/install_tipg.sh)", 0, "tiles/s")
        return
    theirs, their_bytes = _theirs(world, addresses)
    yield Row("tiles", "TiPg, same table", theirs, "tiles/s", note=f"{their_bytes / len(addresses):.0f} bytes each")
    yield Row("tiles", "ours against TiPg", ours / theirs, "x", "5")


def _ours(world: World, addresses: list[Address]) -> tuple[float, int]:
    """Over HTTP with a login; the server is fresh, so every tile is made for the first time."""
    with world.database.reading(SYSTEM) as connection:
        version = connection.execute(
            text("SELECT boundary_version FROM area_level WHERE code = :c"), {"c": LEVEL}
        ).scalar_one()
    with world.client("leader") as client:
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return _rate(world.url, f"/tiles/{LEVEL}/{version}/{{}}/{{}}/{{}}.mvt", addresses, {"Cookie": cookies})


def _theirs(world: World, addresses: list[Address]) -> tuple[float, int]:
    """TiPg on area.geom, as it comes, its own cache off."""
    port = free_port()
    host = quote(str(world.cluster.sockets), safe="")
    environment = dict(
        os.environ, DATABASE_URL=f"postgresql://{OWNER}@{host}/gridboard", TIPG_DB_SCHEMAS='["public"]',
        TIPG_CATALOG_TTL="3600", TIPG_MAX_FEATURES_PER_TILE="10000",
    )  # fmt: skip
    command = [TIPG / "bin/python", "-m", "uvicorn", "tipg.main:app", "--port", str(port), "--log-level", "warning"]
    process = subprocess.Popen([str(part) for part in command], env=environment, cwd="/")
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url)
        path = "/collections/public.area/tiles/WebMercatorQuad/{}/{}/{}?filter=level%3D%27grid%27&properties=code"
        return _rate(url, path, addresses, {})
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str) -> None:
    for _ in range(150):
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{url}/healthz").status_code == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("TiPg does not answer")


def _rate(url: str, path: str, addresses: list[Address], headers: dict[str, str]) -> tuple[float, int]:
    """Tiles a second and bytes in all, from plain keep-alive connections: a heavy client would measure itself."""
    waiting = iter(addresses)
    lock = threading.Lock()

    def work() -> int:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        size = 0
        while True:
            with lock:
                address = next(waiting, None)
            if address is None:
                connection.close()
                return size
            connection.request("GET", path.format(*address), headers={"Accept-Encoding": "gzip", **headers})
            answer = connection.getresponse()
            size += len(answer.read())
            if answer.status not in (200, 204):
                raise RuntimeError(f"{answer.status} for tile {address}")

    began = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as pool:
        size = sum(done.result() for done in [pool.submit(work) for _ in range(WORKERS)])
    return len(addresses) / (time.perf_counter() - began), size
