"""Tiles a second, uncached, against TiPg on the same table in the same run."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from sqlalchemy import text

from bench.figures import Row
from bench.world import World, free_port
from data.cluster import OWNER
from data.database import SYSTEM

TIPG = Path(__file__).parent / ".venv-tipg"
LEVEL, ZOOM = "grid", 11
WEST, EAST, NORTH, SOUTH = 1590, 1603, 895, 904
WORKERS = 4


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


def _ours(world: World, addresses: list[tuple[int, int, int]]) -> tuple[float, int]:
    """Over HTTP, past every cache: each request asks with a session of its own scope's first visit to that tile."""
    with world.database.reading(SYSTEM) as connection:
        version = connection.execute(
            text("SELECT boundary_version FROM area_level WHERE code = :c"), {"c": LEVEL}
        ).scalar_one()
    with world.client("leader") as client:
        return _rate(
            lambda address: client.get(f"/tiles/{LEVEL}/{version}/{address[0]}/{address[1]}/{address[2]}.mvt"),
            addresses,
        )


def _theirs(world: World, addresses: list[tuple[int, int, int]]) -> tuple[float, int]:
    """TiPg on area.geom, as it comes, its own cache off."""
    port = free_port()
    socket_folder = world.cluster.sockets
    environment = dict(
        os.environ, DATABASE_URL=f"postgresql://{OWNER}@/gridboard?host={socket_folder}", TIPG_DB_SCHEMAS='["public"]',
        TIPG_CATALOG_TTL="3600", TIPG_MAX_FEATURES_PER_TILE="10000",
    )  # fmt: skip
    command = [TIPG / "bin/python", "-m", "uvicorn", "tipg.main:app", "--port", str(port), "--log-level", "warning"]
    process = subprocess.Popen([str(part) for part in command], env=environment, cwd="/")
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url)
        with httpx.Client(base_url=url, timeout=60) as client:
            path = "/collections/public.area/tiles/WebMercatorQuad/{}/{}/{}?filter=level%3D%27grid%27&properties=code"
            return _rate(lambda address: client.get(path.format(*address)), addresses)
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


def _rate(
    ask: Callable[[tuple[int, int, int]], httpx.Response], addresses: list[tuple[int, int, int]]
) -> tuple[float, int]:
    def one(address: tuple[int, int, int]) -> int:
        answer = ask(address)
        if answer.status_code not in (200, 204):
            raise RuntimeError(f"{answer.status_code} for tile {address}: {answer.text[:200]}")
        return len(answer.content)

    one(addresses[0])
    began = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as pool:
        size = sum(pool.map(one, addresses))
    return len(addresses) / (time.perf_counter() - began), size
