"""Examples in the documentation run; pages made from the code are what the code makes; every setting is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import settings
from rules.diagram import page

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
EXAMPLES = [
    (path.name, number, block)
    for path in sorted(DOCS.glob("*.md"))
    for number, block in enumerate(re.findall(r"```python\n(.*?)```", path.read_text("utf-8"), re.S), 1)
]


@pytest.mark.parametrize(
    ("name", "number", "block"), EXAMPLES, ids=[f"{name}-{number}" for name, number, _ in EXAMPLES]
)
def test_an_example_runs(name: str, number: int, block: str):
    exec(compile(block, f"{name}:{number}", "exec"), {})


def test_there_are_examples():
    assert {name for name, _, _ in EXAMPLES} >= {"adding-a-level.md", "adding-a-move.md", "adding-a-layer.md"}


def test_the_flow_page_is_the_table_of_moves():
    assert (DOCS / "flow.md").read_text("utf-8") == page()


def test_every_setting_has_its_line():
    documented = (DOCS / "settings.md").read_text("utf-8")
    subjects = [field.annotation for field in settings.Settings.model_fields.values()]
    for subject in subjects:
        for name, field in subject.model_fields.items():
            variable = field.validation_alias or f"GRIDBOARD_{name.upper()}"
            assert f"`{variable}`" in documented, variable


@pytest.mark.parametrize("path", [ROOT / "README.md", *sorted(DOCS.glob("*.md"))], ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path):
    for link in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
        assert link.startswith("http") or (path.parent / link).exists(), link
