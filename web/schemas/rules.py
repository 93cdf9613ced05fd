"""The rule of the tiers: its versions, a new one, one that is tried."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from rules.tiers import Tier
from web.deployment_zone import local_moment
from web.schemas.base import Incoming, Outgoing, Page


def _moment(value: Any) -> Any:
    """Nothing typed is nothing said: the command tells it at its field."""
    return None if value == "" else local_moment(value)


class RuleVersion(Outgoing):
    version: int
    author: str
    at: datetime
    reason: str
    in_force: bool


RuleVersions = Page[RuleVersion]


class RuleDocument(Outgoing):
    version: int
    rule: dict[str, Any]


class RuleForm(Incoming):
    rule: dict[str, Any]
    reason: str = Field(max_length=2000)


class PreviewForm(Incoming):
    rule: dict[str, Any]
    area: str | None = Field(None, max_length=64)
    columns: Literal["tier"] | None = None


class BacktestForm(Incoming):
    rule: dict[str, Any]


class Backtest(Outgoing):
    area: str
    quarters: list[dict[str, Any]]
    together: dict[str, Any] | None
    text: list[str]


class Published(Outgoing):
    version: int
    changed: int


class Preview(Outgoing):
    area: str
    counts: dict[str, dict[str, int]]
    moved_n: int
    moved: list[dict[str, Any]]
    tiers: dict[str, Any]
    upper: dict[str, Any]
    in_force: int
    changes: list[str]


class OverrideForm(Incoming):
    tier: Tier
    reason: str = Field(max_length=2000)
    until: Annotated[datetime | None, BeforeValidator(_moment)] = None
