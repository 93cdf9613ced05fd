"""The graph of our own imports, those inside functions included: no circle anywhere, no arrow up between the rooms."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: From below; rooms of one floor do not import each other.
FLOORS = (("rules", "geo"), ("analysis",), ("data",), ("demo", "imports"), ("layers",), ("dashboard",), ("callbacks", "web", "cli"))
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def modules() -> dict[str, Path]:
    found = {}
    for room in FLOOR_OF:
        for path in (ROOT / room).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def for_types_only(tree: ast.AST) -> set[ast.AST]:
    """What is imported for annotations: it never runs."""
    guards = (node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
    return {inner for guard in guards for inner in ast.walk(guard)}


def graph() -> dict[str, set[str]]:
    known = modules()
    arrows: dict[str, set[str]] = {name: set() for name in known}
    for name, path in known.items():
        tree = ast.parse(path.read_text("utf-8"))
        skipped = for_types_only(tree)
        for node in (one for one in ast.walk(tree) if one not in skipped):
            if isinstance(node, ast.Import):
                arrows[name] |= {alias.name for alias in node.names} & known.keys()
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    arrows[name] |= {whole if whole in known else node.module} & known.keys()
    return arrows


def test_the_graph_is_the_house():
    arrows = graph()
    assert len(arrows) > 250 and "data.database" in arrows["data.queries.summaries"]


def test_no_module_reaches_itself():
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_no_arrow_leads_up_or_along_a_floor():
    wrong = [
        f"{name} -> {other}"
        for name, others in graph().items()
        for other in others
        if (here := name.split(".")[0]) != (there := other.split(".")[0]) and FLOOR_OF[there] >= FLOOR_OF[here]
    ]
    assert not wrong
