"""Schemas of the settings of lists."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from web.schemas.base import Incoming, Outgoing, Page, Word


class OneListSetting(Outgoing):
    """`usual`: as it is for whoever set nothing."""

    list: str
    columns: tuple[str, ...]
    sort: str
    usual: bool


ListSettings = Page[OneListSetting]


class ListForm(Incoming):
    columns: Annotated[tuple[Word, ...], Field(min_length=1, max_length=30)]
    sort: Annotated[str, Field(max_length=41, pattern=r"^-?[a-z_]*$")] = ""
