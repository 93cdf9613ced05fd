"""What helps to fill in a report: a point in words, texts looked through."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from web.schemas.base import Incoming, Outgoing, Page, clean_text


class NearPlace(Outgoing):
    """The nearest key place within 500 m."""

    name: str
    distance_m: int


class PointPlace(Outgoing):
    """Where a point lies."""

    area: str | None = Field(description="The deepest area there, none outside one's own")
    name: str | None
    place: str = Field(description="The names of the areas around it, below the one of whoever asks")
    near: NearPlace | None
    text: str = Field(description="All of it in one line")


class TextForm(Incoming):
    """Texts of a report, as far as they are written."""

    title: Annotated[str, Field(max_length=400), AfterValidator(clean_text)] = ""
    description: Annotated[str, Field(max_length=4000), AfterValidator(clean_text)] = ""


class TextFault(Outgoing):
    """What a report would be refused for."""

    field: str
    code: str = Field(description="personal_data or hidden_letters")
    text: str


TextFaults = Page[TextFault]
