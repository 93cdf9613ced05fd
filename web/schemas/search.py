"""Hits of the search."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from web.schemas.base import Outgoing, Page


class Hit(Outgoing):
    """Something to go to: an area, a body, a key place, a case."""

    type: Literal["area", "organisation", "place", "case"]
    title: str
    label: str = Field(description="What it is: the level of an area, the kind of a case, of a body or of a place")
    place: str = Field(description="The names of the areas in which it lies, below the one of whoever asks")
    hint: str = Field(description="The number of a case, else the same as place")
    code: str | None = Field(default=None, description="The area that shows it")
    within: list[str] = Field(description="The codes of the areas that hold it, from the one of whoever asks")
    case_no: str | None = None
    status: str | None = Field(default=None, description="Of a case")
    lon: float | None = Field(default=None, description="Of a body or a place, WGS84")
    lat: float | None = None


HitList = Page[Hit]
