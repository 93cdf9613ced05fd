"""Hits of the search box."""

from __future__ import annotations

from typing import Literal

from web.schemas.base import Outgoing, Page


class Hit(Outgoing):
    type: Literal["area", "case"]
    title: str
    hint: str
    code: str | None = None
    case_no: str | None = None


HitList = Page[Hit]
