"""Schemas of the access log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from web.schemas.base import Outgoing, Page
from web.schemas.cases import Holder


class AccessEntry(Outgoing):
    """One access. `account` is empty for the command line, the server itself and an unknown name; `address` is a network,
    /24 or /48; `n`: how often, where repeats were counted, until `details.until`."""

    seq: int
    at: datetime
    act: str
    outcome: str
    via: str
    account: str
    role: str
    organisation: Holder | None
    area: str
    case_no: str
    object: str
    address: str
    n: int
    details: dict[str, Any]
    hash: str


AccessList = Page[AccessEntry]
