"""Schemas of accounts, displays, and one's own account."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from web.schemas.base import Incoming, Outgoing, Page, Text

#: What is wrong with a name or a code is told for its field (rules/accounts.py); here only what cannot be read at all.
Typed = Annotated[Text, Field(max_length=200)]
Password = Annotated[Text, Field(max_length=1000)]


class OrganisationName(Outgoing):
    code: str
    name: str


class Account(Outgoing):
    """`state`: `active`, `initial` (the password has to be replaced at the next login) or `disabled`. `seen_at`: to the
    minute, null for nobody who was here yet."""

    id: int
    username: str
    role: str
    area: str
    area_name: str
    organisation: OrganisationName | None
    state: Literal["active", "initial", "disabled"]
    seen_at: datetime | None


AccountList = Page[Account]


class NewAccount(Account):
    """`password`: an initial one, told once."""

    password: str


class AccountForm(Incoming):
    username: Typed
    role: Typed
    area: Typed
    organisation: Typed | None = None


class AccountChange(Incoming):
    """What is not named stays; an empty organisation is none."""

    role: Typed | None = None
    area: Typed | None = None
    organisation: Typed | None = None
    active: bool | None = None


class ChoosableOrganisation(OrganisationName):
    area: str


ChoosableList = Page[ChoosableOrganisation]


class Display(Outgoing):
    """`state`: `new` (nobody has opened it yet), `live`, `silent` or `revoked`. `seen_at`: to the minute."""

    id: int
    name: str
    area: str
    area_name: str
    state: Literal["new", "live", "silent", "revoked"]
    seen_at: datetime | None
    created_at: datetime
    revoked_at: datetime | None


DisplayList = Page[Display]


class NewDisplay(Display):
    """`url` and `token` are told once."""

    url: str
    token: str


class DisplayForm(Incoming):
    name: Typed
    area: Typed


class DisplayChange(Incoming):
    name: Typed | None = None
    area: Typed | None = None


class PasswordForm(Incoming):
    old: Password
    new: Password


class Profile(Outgoing):
    user: str
    role: str
    area: str
    area_name: str
    organisation: str | None
    locale: str
    sessions: int


class OwnSession(Outgoing):
    created_at: datetime
    expires_at: datetime


OwnSessionList = Page[OwnSession]


class Ended(Outgoing):
    ended: int
