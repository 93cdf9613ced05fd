"""The services of callbacks and routes, put together once by `app.create_app`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from data.audit.access_recorder import AccessRecorder
from data.database import Database
from data.live.hub import LiveHub
from rules.sla import SlaPolicy

if TYPE_CHECKING:
    from settings import Settings


@dataclass(frozen=True)
class Clock:
    """The time of this deployment: the machine's, or one fixed moment (GRIDBOARD_NOW)."""

    fixed: datetime | None = None

    def now(self) -> datetime:
        return self.fixed.astimezone(UTC) if self.fixed else datetime.now(UTC)


#: The senders' clock goes also where GRIDBOARD_NOW stops the deployment's: leases and pauses have to end.
SENDERS_CLOCK = Clock()


@dataclass(frozen=True)
class Services:
    settings: Settings
    database: Database
    clock: Clock
    hub: LiveHub
    sla: SlaPolicy = field(default_factory=SlaPolicy)
    access: AccessRecorder = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "access", AccessRecorder(self.database))
