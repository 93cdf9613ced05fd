"""The contract of layers in both languages: apart from its own two files and the ordered list, nobody knows a layer's name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layers import LAYERS

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "dashboard" / "assets" / "app"
ROOMS = ("layers", "dashboard", "callbacks", "web", "analysis")
#: Names that are words for other things too: there are lists of cases, a stream of changed boundaries, clusters of markers.
ORDINARY = ("cases", "boundaries", "clusters")
AS_A_LAYER = r"layers?\W{{1,3}}{id}\b|get\('{id}'\)|\bid\s*===?\s*['\"]{id}['\"]|['\"`]{id}:"
NAMED = r"['\"`]{id}['\"`:]"


def own_files(name: str) -> set[Path]:
    return {
        ROOT / "layers" / f"{name}.py",
        ROOT / "layers" / "__init__.py",
        APP / "map" / "layers" / f"{name}.mjs",
    }


def sources() -> list[Path]:
    python = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return python + sorted(APP.rglob("*.mjs"))


@pytest.mark.parametrize("name", [layer.id for layer in LAYERS])
def test_no_other_file_knows_the_name_of_a_layer(name: str):
    pattern = re.compile((AS_A_LAYER if name in ORDINARY else NAMED).format(id=name))
    others = [path for path in sources() if path not in own_files(name)]
    assert others
    assert [str(path.relative_to(ROOT)) for path in others if pattern.search(path.read_text("utf-8"))] == []


def test_every_layer_has_a_module_and_every_module_a_layer():
    assert {path.stem for path in (APP / "map" / "layers").glob("*.mjs")} == {layer.id for layer in LAYERS}


def test_only_a_layer_itself_is_imported_by_name():
    imports = re.compile(r"import .*['\"][./]*layers/")
    assert [path.name for path in sorted(APP.rglob("*.mjs")) if imports.search(path.read_text("utf-8"))] == []
