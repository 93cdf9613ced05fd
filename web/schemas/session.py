"""Login, language and session."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from web.schemas.base import Incoming, Outgoing


class LoginForm(Incoming):
    username: Annotated[str, Field(max_length=200)]
    password: Annotated[str, Field(max_length=1000)]


class LocaleChoice(Incoming):
    locale: Literal["zh_CN", "en"]


class Session(Outgoing):
    csrf_token: str
    user: str
    role: str
    area: str
    locale: str
