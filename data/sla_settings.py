"""The SLA policy and working calendar of a deployment: the defaults, or a YAML file."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, PlainValidator, model_validator

from data.calendar import working_calendar
from data.yaml_files import OrNothing, Part, YamlError, read_part
from rules.calendar import DAY_MINUTES, ZERO, Basis, joined
from rules.cases import Kind
from rules.sla import Limit, Limits, SlaPolicy, Step

if TYPE_CHECKING:
    from settings import Settings

AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(m|h|d)")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
OFFICE = re.compile(r"(\d{1,2}):(\d\d)\s*[-–—~至]\s*(\d{1,2}):(\d\d)", re.ASCII)


class SlaSettingsError(Exception):
    """The file of the clocks is wrong; the message is one line that names the key."""


def _amount(said: object) -> timedelta:
    match = AMOUNT.fullmatch(str(said))
    amount = timedelta(**{UNITS[match[2]]: float(match[1])}) if match else ZERO
    if not ZERO < amount <= timedelta(days=3650):
        raise ValueError(f"{said!r} is not a time like 30m, 2h or 15d")
    return amount


def _day(said: object) -> date:
    if isinstance(said, date):
        return said
    raise ValueError(f"{said!r} is not a date like 2026-04-13")


def _weekday(said: object) -> int:
    """1 is Monday, 7 is Sunday, as in ISO 8601."""
    if isinstance(said, int) and 1 <= said <= 7:
        return said - 1
    raise ValueError(f"{said!r} is not a day from 1 (Monday) to 7")


def _stretch(said: object) -> tuple[time, time]:
    """A stretch like 08:30-12:00; 22:00-06:00 ends on the next day, 24:00 is the end of a day."""
    match = OFFICE.fullmatch(str(said).strip())
    if not match:
        raise ValueError(f"{said!r} is not like 08:30-12:00")
    opened, closed = (int(match[n]) * 60 + int(match[n + 1]) for n in (1, 3))
    if opened >= DAY_MINUTES or closed > DAY_MINUTES or int(match[2]) > 59 or int(match[4]) > 59:
        raise ValueError(f"{said!r} holds no time of a day (00:00 to 24:00)")
    if opened == closed:
        raise ValueError(f"{said!r} has no length; a whole day is 00:00-24:00")
    return time(opened // 60, opened % 60), time(closed // 60 % 24, closed % 60)


def _stretches(said: object) -> list[object]:
    return [one for one in (said if isinstance(said, list) else [said]) if one is not None]


Amount = Annotated[timedelta, PlainValidator(_amount)]
Days = Annotated[tuple[Annotated[date, PlainValidator(_day)], ...], BeforeValidator(lambda said: said or ())]
Stretch = Annotated[tuple[time, time], PlainValidator(_stretch)]


class StepPart(Part):
    basis: Basis = Basis.natural
    minor: Amount = ZERO
    major: Amount = ZERO
    grave: Amount = ZERO

    def over(self, general: Limits) -> Limits:
        """What is not said stays as it is in general."""
        said = self.model_dump(exclude_unset=True)
        old = vars(general).items()
        return Limits(**{n: Limit(said.get(n, was.amount), said.get("basis", was.basis)) for n, was in old})


class SharesPart(Part):
    warn: float = SlaPolicy.warn
    leader: float = SlaPolicy.leader
    above: float = SlaPolicy.above

    @model_validator(mode="after")
    def _rise(self) -> Self:
        if not 0 < self.warn < self.leader < self.above:
            raise ValueError("warn, leader and above have to follow one another, above 0")
        return self


class CalendarPart(Part):
    country: str = ""
    days_off: Days = ()
    work_days: Days = ()
    weekend: frozenset[Annotated[int, PlainValidator(_weekday)]] = frozenset()
    office: Annotated[tuple[Stretch, ...], BeforeValidator(_stretches), AfterValidator(joined)] = ()


class ClocksFile(Part):
    dispatch: StepPart = StepPart()
    sign: StepPart = StepPart()
    contact: StepPart = StepPart()
    settle: StepPart = StepPart()
    by_kind: Annotated[dict[Kind, dict[Step, StepPart]], OrNothing] = {}
    shares: Annotated[SharesPart, OrNothing] = SharesPart()
    calendar: Annotated[CalendarPart, OrNothing] = CalendarPart()


def _policy(said: ClocksFile, zone: tzinfo, country: str) -> SlaPolicy:
    days = {name: getattr(said.calendar, name) for name in said.calendar.model_fields_set}
    hours = {name: days.pop(name) for name in ("weekend", "office") if name in days}
    calendar = replace(working_calendar(zone, **{"country": country, **days}), **hours)
    sla = SlaPolicy(calendar=calendar, **said.shares.model_dump())
    sla = replace(sla, **{step: getattr(said, step).over(getattr(sla, step)) for step in Step})
    steps = [(step, kind, part) for kind, parts in said.by_kind.items() for step, part in parts.items()]
    return replace(sla, by_kind={(step, kind): part.over(getattr(sla, step)) for step, kind, part in steps})


def sla_policy(settings: Settings) -> SlaPolicy:
    """The clocks that the settings name, in the deployment's time zone. Raises SlaSettingsError."""
    zone = ZoneInfo(settings.deployment.timezone)
    return load_sla(zone, country=settings.clocks.country, path=settings.clocks.file)


def country_of(settings: Settings) -> str:
    """Whose public holidays are in force: the file's country, else the setting's. Raises SlaSettingsError."""
    return _read(settings.clocks.file).calendar.country or settings.clocks.country


def load_sla(zone: tzinfo, *, country: str = "CN", path: Path | None = None) -> SlaPolicy:
    """The clocks of a deployment. Raises SlaSettingsError."""
    said = _read(path)
    try:
        return _policy(said, zone, country)
    except ValueError as error:
        raise SlaSettingsError(f"{path or 'GRIDBOARD_CALENDAR'}: calendar: {error}") from error


def _read(path: Path | None) -> ClocksFile:
    try:
        return read_part(path, ClocksFile) if path else ClocksFile()
    except YamlError as error:
        raise SlaSettingsError(f"{path}: {error}") from error
