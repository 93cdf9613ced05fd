"""Migrations stand in one line: each number once, each after the one before it."""

from __future__ import annotations

import re
from pathlib import Path

VERSIONS = Path(__file__).parents[2] / "data" / "migrations" / "versions"


def test_each_migration_follows_the_one_before_it() -> None:
    files = sorted(VERSIONS.glob("[0-9]*.py"))
    numbers = [file.name[:4] for file in files]
    assert len(set(numbers)) == len(numbers), numbers[-3:]
    for before, file in zip([None, *numbers], files, strict=False):
        lines = dict(re.findall(r"^(revision|down_revision)\b[^=\n]*= (.+)$", file.read_text("utf-8").replace("'", "\""), re.M))
        assert lines == {"revision": f'"{file.name[:4]}"', "down_revision": f'"{before}"' if before else "None"}, file.name
