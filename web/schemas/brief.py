"""The morning brief, and when it is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from web.schemas.base import Incoming, Outgoing


class BriefSentence(Outgoing):
    text: str
    numbers: list[dict[str, Any]]
    unusual: bool


class BriefAnswer(Outgoing):
    area: str
    name: str
    at: datetime
    sentences: list[BriefSentence]


class BriefSetting(Outgoing):
    time: str | None


class BriefSettingForm(Incoming):
    time: str | None = Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
