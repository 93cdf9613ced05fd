"""What import-linter cannot say: nobody imports the entry points, rules are bare Python, files stay small and clean."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("rules", "geo", "analysis", "data", "demo", "imports", "layers", "dashboard", "callbacks", "web", "cli")
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
VAGUE = {"utils", "util", "helpers", "helper", "common", "lib", "misc", "tools"}
OTHER_HOST = re.compile(r"(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")


def tracked(*patterns: str) -> list[Path]:
    # whoever runs the tests need not be whoever cloned
    command = ["git", "-c", "safe.directory=*", "ls-files", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


def modules(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def test_nobody_imports_the_entry_points():
    assert not [path for path in modules(*ROOMS) if imports_of(path) & {"app", "manage"}]


def test_rules_are_standard_library_only():
    for path in modules("rules"):
        assert imports_of(path) <= set(sys.stdlib_module_names) | {"rules"}, path


def test_no_module_grows_past_its_room():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules(*ROOMS) if "migrations" not in path.parts
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST_MODULE
    }  # fmt: skip
    assert not long


def test_app_only_assembles():
    assert len((ROOT / "app.py").read_text("utf-8").splitlines()) < 120


def test_functions_stay_short():
    long = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in modules(*ROOMS) if "versions" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]  # fmt: skip
    assert not long


def test_modules_are_nouns_of_the_domain():
    assert not [path for path in modules(*ROOMS) if path.stem in VAGUE or path.parent.name in VAGUE]


def loaded_by_browsers() -> list[Path]:
    ours = tracked("dashboard/assets/*", "dashboard/templates/*")
    return [path for path in ours if path.suffix in (".js", ".css", ".html") and "vendor" not in path.parts]


@pytest.mark.parametrize("path", loaded_by_browsers(), ids=lambda path: path.name)
def test_nothing_is_loaded_from_another_host(path: Path):
    addresses = OTHER_HOST.findall(path.read_text("utf-8"))
    assert not [address for address in addresses if "www.w3.org" not in address]


def test_no_screen_names_another_host():
    for path in modules("layers", "dashboard", "callbacks", "web"):
        texts = [node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)]
        # www.w3.org stands in the name of the SVG namespace, which nothing fetches
        found = [text for text in texts if isinstance(text, str) and re.search(r"https?://(?!www\.w3\.org)[a-z]", text)]
        assert not found, path


def test_requirements_are_pinned_with_hashes_and_name_no_index():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text("utf-8").replace("\\\n", " ").splitlines()
        needed = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
        assert needed and all(re.match(r"^[a-z0-9_.-]+==\S+ .*--hash=sha256:", line) for line in needed), name


def test_every_statement_says_why():
    wordless = [path.name for path in tracked("data/sql/*.sql") if not path.read_text("utf-8").startswith("-- ")]
    assert not wordless


def test_statements_longer_than_a_line_are_files():
    """Loose words of SQL that a program puts together stay where they are put together."""
    verbs = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH ")
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules("data", "imports", "demo") if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(verbs)
        and (node.end_lineno or 0) > node.lineno
    ]  # fmt: skip
    assert not long


def test_no_path_of_a_machine_is_written_down():
    pattern = re.compile(r"/(?:home|root|work)/[a-z]")
    texts = [
        path
        for path in tracked()
        if path.suffix in (".py", ".md", ".sh", ".js", ".css", ".yaml", ".yml", ".toml", ".txt", ".sql")
    ]
    assert not [
        str(path)
        for path in texts
        if "vendor" not in path.parts and path != Path(__file__) and pattern.search(path.read_text("utf-8"))
    ]


def test_no_test_imports_another():
    """What several need is in tests/steps, a conftest or beside it: a helper must not bring another file's tests along."""
    borrowed = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if re.match(r"\s*(from|import) tests\.\S*test_", line)
    ]
    assert borrowed == []


def test_lines_of_scripts_are_as_short_as_those_of_python():
    """The formatter breaks code alone; comments are held here."""
    scripts = tracked("dashboard/assets/app/*.mjs", "bench/paint/assets/*.js", "tests/frontend/*.mjs")
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in scripts
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert len(scripts) > 60 and not long
