"""Statements longer than a line, one file each, with bound parameters only."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import TextClause, text

FOLDER = Path(__file__).parent


@cache
def load(name: str) -> TextClause:
    """The statement in data/sql/NAME.sql."""
    return text((FOLDER / f"{name}.sql").read_text("utf-8"))


@cache
def prepared(name: str) -> TextClause:
    """The same for a hot statement: each connection of the application plans it once (data/sending.py)."""
    return load(name).execution_options(prepared=name)
