"""Versions of the tiers' rule: the one in force, all of them, and a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import yaml
from sqlalchemy import Connection, text

from data.sql import load
from rules.tier_rule import TierRule, parse

DEFAULT = Path(__file__).parents[1] / "default_tier_rule.yaml"
SYSTEM = "system"


class Reason(StrEnum):
    """Why the program itself made a version; a person gives words."""

    default = "default"
    calibrated = "calibrated"


@dataclass(frozen=True)
class StoredRule:
    version: int
    rule: TierRule


@cache
def default_document() -> dict[str, Any]:
    """The rule of a deployment that has set none."""
    return yaml.safe_load(DEFAULT.read_text("utf-8"))


def in_force(connection: Connection, *, now: datetime) -> StoredRule:
    """The latest version of that moment; a deployment without one gets the default as its first."""
    row = connection.execute(
        text("SELECT version, rule FROM tier_rule WHERE at <= :now OR version = 1 ORDER BY version DESC LIMIT 1"),
        {"now": now},
    ).one_or_none()
    if row is None:
        return store(connection, default_document(), now=now, reason=Reason.default)
    return StoredRule(row.version, parse(row.rule))


def store(
    connection: Connection,
    said: object,
    *,
    now: datetime,
    reason: str,
    author_id: int | None = None,
    author_role: str = SYSTEM,
) -> StoredRule:
    """A new version, in force from now on. Raises RuleFaults for a document that cannot be a rule."""
    rule = parse(said)
    values = {
        "author": author_id,
        "role": author_role,
        "at": now,
        "reason": reason,
        "rule": orjson.dumps(said).decode(),
    }
    version = connection.execute(load("insert_tier_rule"), values).scalar_one()
    return StoredRule(version, rule)


@dataclass(frozen=True)
class Known:
    """What a rule may name in this deployment."""

    categories: Sequence[str]
    place_categories: Sequence[str]
    columns: Sequence[str]


def known(connection: Connection) -> Known:
    return Known(
        connection.execute(text("SELECT code FROM category ORDER BY code")).scalars().all(),
        connection.execute(text("SELECT code FROM place_category ORDER BY code")).scalars().all(),
        connection.execute(text("SELECT figure_names()")).scalars().all(),
    )
