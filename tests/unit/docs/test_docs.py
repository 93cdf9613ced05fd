"""Examples in the documentation run; pages made from the code are what the code makes; every setting is documented."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

import settings
from cli import reference
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


def test_the_page_of_commands_is_what_the_commands_say():
    assert (DOCS / "commands.md").read_text("utf-8") == reference.page()
    assert len(dict(reference.commands())) > 25


def test_every_option_of_a_command_is_on_the_page():
    written = (DOCS / "commands.md").read_text("utf-8")
    for path, command in reference.commands():
        section = written.split(f"\n## {path}\n")[1].split("\n## ")[0]
        for parameter in command.params:
            name = parameter.name.upper() if parameter.param_type_name == "argument" else parameter.opts[0]
            assert name in section or name == "--help", (path, name)


def test_every_name_of_the_glossary_is_in_the_code():
    names = re.findall(
        r"`((?:rules|geo|data|layers|dashboard|web|callbacks)\.[\w.]+)`", (DOCS / "glossary.md").read_text("utf-8")
    )
    assert len(names) > 30
    for name in names:
        assert _is_there(name), name


def _is_there(name: str) -> bool:
    """A module, or what is in one, down to an attribute of a class; a field without a default counts too."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            if part in getattr(thing, "__dataclass_fields__", {}):
                return True
            if not hasattr(thing, part):
                return False
            thing = getattr(thing, part)
        return True
    return False


@pytest.mark.parametrize(
    "path",
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted(DOCS.glob("*.md"))],
    ids=lambda path: path.name,
)
def test_links_lead_somewhere(path: Path):
    for link in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
        assert link.startswith("http") or (path.parent / link).exists(), link
