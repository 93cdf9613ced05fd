"""The page made from the table: every row of it, every arrow of it, nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from rules.cases import CLOSED, Status
from rules.diagram import page
from rules.moves import MOVES

ROOT = Path(__file__).resolve().parents[3]
ARROW = re.compile(r"^    (\S+) --> (\S+?)(?:: (\w+))?$", re.M)


def test_the_docs_hold_what_the_module_prints():
    printed = subprocess.run([sys.executable, "-m", "rules.diagram"], cwd=ROOT, capture_output=True, check=True).stdout
    assert printed.decode("utf-8") == (ROOT / "docs" / "flow.md").read_text("utf-8")


def test_the_arrows_are_the_moves_that_change_the_status():
    diagram = page().split("```")[1]
    drawn = {(source, target, name) for source, target, name in ARROW.findall(diagram)}
    meant = {(source, move.target, move.name) for move in MOVES.values() for source in move.sources if move.target}
    ends = {(status.value, "[*]", "") for status in CLOSED}
    assert drawn == meant | ends | {("[*]", "reported", "report")}


def test_each_status_is_drawn_and_each_move_has_its_row():
    diagram = page().split("```")[1]
    assert all(re.search(rf"\b{status}\b", diagram) for status in Status)
    assert re.findall(r"^\| `(\w+)`", page(), re.M) == list(MOVES)
