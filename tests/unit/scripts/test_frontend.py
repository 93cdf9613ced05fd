"""The committed bundles are what the sources make: nobody serves an old build."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

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
