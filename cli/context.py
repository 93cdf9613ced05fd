"""What commands share: the database of the settings, the time, a progress bar, a refusal in one line."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from data.audit import access_log
from data.audit.access_log import COMMAND_LINE
from data.database import Database
from data.server.cluster import database_urls
from data.services import Clock
from rules.access_log import Access
from rules.texts import first_hidden
from settings import load_settings

#: Longer than a name of an account or a number of a case can be.
LONGEST_WORD = 200


class Refused(Exception):
    """The command cannot do what was asked; the message is the one line that says why."""


def open_database() -> Database:
    settings = load_settings()
    owner_url, app_url = database_urls(settings)
    return Database(owner_url, app_url)


def now() -> datetime:
    return Clock(load_settings().deployment.now).now()


def check_word(option: str, said: str | None) -> None:
    """Nothing typed means everything nowhere: an empty variable of a script would find all that there is."""
    if said is not None and (first_hidden(said) or not said.strip() or len(said) > LONGEST_WORD):
        raise Refused(f"{option} is nothing that one can search for: 1 to {LONGEST_WORD} visible letters.")


def moment_told(at: datetime | None) -> str:
    """A moment by the deployment's clock, to the minute."""
    return f"{at.astimezone(ZoneInfo(load_settings().deployment.timezone)):%Y-%m-%d %H:%M}" if at else "never"


def note_access(database: Database, act: Access, object: str, details: dict[str, Any] | None = None) -> None:
    """An entry of the access log for what a command of the machine's keeper does."""
    with database.owning() as connection:
        access_log.append(connection, [access_log.entry(act, COMMAND_LINE, object=object, details=details)])


def progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.description:<16}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn()
    )
