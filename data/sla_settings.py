"""The SLA policy and working calendar of a deployment: the defaults, or a YAML file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, time, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from data.calendar import UnknownCountry, working_calendar
from data.yaml_files import YamlError, read_yaml
from rules.calendar import DAY_MINUTES, Basis, Calendar
from rules.cases import Kind, Severity
from rules.sla import Limit, Limits, SlaPolicy, Step

if TYPE_CHECKING:
    from settings import Settings

AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(m|h|d)")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
OFFICE = re.compile(r"(\d{1,2}):(\d\d)\s*[-–—~至]\s*(\d{1,2}):(\d\d)", re.ASCII)
SHARES = ("warn", "leader", "above")
CALENDAR_KEYS = {"country", "days_off", "work_days", "weekend", "office"}


class SlaSettingsError(Exception):
    """The file of the clocks is wrong; the message is one line that names the key."""


def sla_policy(settings: Settings) -> SlaPolicy:
    """The clocks that the settings name, in the deployment's time zone. Raises ClockSettingsError."""
    zone = ZoneInfo(settings.deployment.timezone)
    return load_sla(zone, country=settings.clocks.country, path=settings.clocks.file)


def country_of(settings: Settings) -> str:
    """Whose public holidays are in force: the file's country, else the setting's. Raises ClockSettingsError."""
    said = _read(settings.clocks.file) if settings.clocks.file else {}
    return str((said.get("calendar") or {}).get("country", settings.clocks.country))


def load_sla(zone: tzinfo, *, country: str = "CN", path: Path | None = None) -> SlaPolicy:
    """The clocks of a deployment. Raises ClockSettingsError."""
    said = _read(path) if path else {}
    try:
        return _policy(said, zone, country)
    except (ValueError, TypeError, KeyError) as error:
        words = error.args[0] if error.args else error
        raise SlaSettingsError(f"{path or 'GRIDBOARD_CALENDAR'}: {words}") from error


def _read(path: Path) -> dict:
    try:
        said = read_yaml(path)
    except YamlError as error:
        raise SlaSettingsError(f"{path}: {error}") from error
    if said is not None and not isinstance(said, dict):
        raise SlaSettingsError(f"{path}: has to be keys and values")
    return said or {}


def _policy(said: dict, zone: tzinfo, country: str) -> SlaPolicy:
    _only(said, {*(step.value for step in Step), "by_kind", "calendar", "shares"}, "")
    sla = SlaPolicy(calendar=_calendar(said.get("calendar") or {}, zone, country))
    changed: dict[str, Any] = {
        step.value: _limits(said[step.value], getattr(sla, step.value), step.value)
        for step in Step
        if step.value in said
    }
    sla = replace(sla, **changed)
    by_kind: dict[tuple[Step, Kind], Limits] = {}
    for kind, steps in (said.get("by_kind") or {}).items():
        _only({kind: 0}, {one.value for one in Kind}, "by_kind")
        _only(steps, {step.value for step in Step}, f"by_kind.{kind}")
        for step, values in steps.items():
            by_kind[Step(step), Kind(kind)] = _limits(values, getattr(sla, step), f"by_kind.{kind}.{step}")
    shares = said.get("shares") or {}
    _only(shares, set(SHARES), "shares")
    numbers: dict[str, Any] = {name: float(shares.get(name, getattr(sla, name))) for name in SHARES}
    if not 0 < numbers["warn"] < numbers["leader"] < numbers["above"]:
        raise ValueError("shares: warn, leader and above have to follow one another, above 0")
    return replace(sla, by_kind=by_kind, **numbers)


def _only(said: Mapping[str, Any], known: set[str], where: str) -> None:
    if not isinstance(said, dict):
        raise ValueError(f"{where}: has to be keys and values")
    unknown = [str(key) for key in said if key not in known]
    if unknown:
        raise ValueError(f"{f'{where}.' if where else ''}{unknown[0]}: is no key of this file")


def _limits(said: dict, general: Limits, where: str) -> Limits:
    """What is not said stays as it is in general."""
    _only(said, {"basis", *(severity.value for severity in Severity)}, where)
    if "basis" in said and said["basis"] not in set(Basis):
        raise ValueError(f"{where}.basis: {said['basis']!r} is not one of {', '.join(Basis)}")
    basis = Basis(said["basis"]) if "basis" in said else None
    limits = {}
    for field in fields(Limits):
        old: Limit = getattr(general, field.name)
        amount = _amount(said[field.name], f"{where}.{field.name}") if field.name in said else old.amount
        limits[field.name] = Limit(amount, basis or old.basis)
    return Limits(**limits)


def _amount(said: object, where: str) -> timedelta:
    match = AMOUNT.fullmatch(str(said))
    amount = timedelta(**{UNITS[match[2]]: float(match[1])}) if match else timedelta(0)
    if not match or not timedelta(0) < amount <= timedelta(days=3650):
        raise ValueError(f"{where}: {said!r} is not a time like 30m, 2h or 15d")
    return amount


def _calendar(said: dict, zone: tzinfo, country: str) -> Calendar:
    _only(said, CALENDAR_KEYS, "calendar")
    days = {name: [_day(day, f"calendar.{name}") for day in said.get(name) or ()] for name in ("days_off", "work_days")}
    try:
        calendar = working_calendar(zone, country=str(said.get("country", country)), **days)
    except UnknownCountry as error:
        raise ValueError(f"calendar.country: no public holidays are known for {error.args[0]!r}") from error
    if "weekend" in said:
        calendar = replace(calendar, weekend=frozenset(_weekday(day) for day in said["weekend"]))
    if "office" in said:
        hours = said["office"] if isinstance(said["office"], list) else [said["office"]]
        try:
            calendar = replace(calendar, office=tuple(_office(one) for one in hours if one is not None))
        except ValueError as error:
            raise ValueError(f"calendar.office: {str(error).removeprefix('calendar.office: ')}") from error
    return calendar


def _day(said: object, where: str) -> date:
    if isinstance(said, date):
        return said
    raise ValueError(f"{where}: {said!r} is not a date like 2026-04-13")


def _weekday(said: object) -> int:
    """1 is Monday, 7 is Sunday, as in ISO 8601."""
    if isinstance(said, int) and 1 <= said <= 7:
        return said - 1
    raise ValueError(f"calendar.weekend: {said!r} is not a day from 1 (Monday) to 7")


def _office(said: object) -> tuple[time, time]:
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
