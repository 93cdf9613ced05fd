"""The committed bundles are what the sources make: nobody serves an old build."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.words.formats import duration
from dashboard.words.texts import LOCALES, texts_for_client
from geo.crs import wgs84_to_gcj02

ROOT = Path(__file__).resolve().parents[3]
DIST = ROOT / "dashboard" / "assets" / "dist"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([ROOT / "scripts" / "build_frontend.sh", folder], check=True)
    return folder


def test_the_committed_bundles_equal_a_fresh_build(fresh: Path):
    built = {path.name: path.read_bytes() for path in fresh.iterdir()}
    committed = {path.name: path.read_bytes() for path in DIST.iterdir()}
    assert built.keys() == committed.keys()
    assert [name for name in built if built[name] != committed[name]] == []


def test_modules_pass_the_linter_and_its_formatter():
    done = subprocess.run(
        ["node_modules/.bin/biome", "check", "--max-diagnostics=20"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr

def test_the_unit_tests_of_the_modules_pass():
    tests = sorted(map(str, (ROOT / "tests" / "frontend").glob("*.test.mjs")))
    done = subprocess.run(["node", "--test", *tests], cwd=ROOT, capture_output=True, text=True, check=False)
    assert tests and done.returncode == 0, done.stdout + done.stderr


def in_node(module: str, expression: str, *values: object) -> Any:
    """What an expression over a module `m` and the values `v` is worth."""
    script = (
        f"const m = await import({json.dumps(str(ROOT / 'dashboard/assets/app' / module))});"
        f"const v = {json.dumps(values)}; console.log(JSON.stringify({expression}));"
    )
    done = subprocess.run(["node", "--input-type=module", "-e", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_both_sides_shift_to_gcj02_alike():
    places = [(100.797, 22.009), (116.397, 39.908), (121.47, 31.23), (2.35, 48.85)]
    shifted = in_node("map/gcj02.mjs", "v[0].map(([lng, lat]) => m.toGcj02({ lng, lat })).map((p) => [p.lng, p.lat])", places)
    for place, found in zip(places, shifted, strict=True):
        assert found == pytest.approx([float(value) for value in wgs84_to_gcj02(*place)], abs=1e-6)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_length_of_time_is_said_alike_by_server_and_browser(locale: str):
    minutes = [0, 0.99, 1, 59.9, 60, 61, 200, 1439, 1440, 1500, 3000, 14399, 14400, 20000]
    words = str(ROOT / "dashboard/assets/app/core/words.mjs")
    take = f"(await import({json.dumps(words)})).useTexts(v[1], v[2])"
    said = in_node(
        "core/format.mjs", f"({take}, v[0].map((n) => m.duration(n * 60000)))", minutes, texts_for_client(locale), locale
    )
    assert said == [duration(timedelta(minutes=n), locale) for n in minutes]
