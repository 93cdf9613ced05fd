"""Routing rules of a deployment: which topics go where, from a YAML file, or one route into files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from data.outbox.file import FileAdapter
from data.outbox.http import RobotAdapter, SmsAdapter, WebhookAdapter
from data.outbox.messages import BRIEF, ROUTE_PAUSED, TOPICS, Adapter
from data.outbox.smtp import SmtpAdapter
from data.yaml_files import YamlError, read_yaml

FOLDER = Path("var") / "outbox"
KEYS = {"name", "adapter", "topics", "channel", "attempts", "options", "hours", "keep_hours"}
NAME = re.compile(r"[\w.-](?:[\w .-]{0,62}[\w.-])?")
#: To people a message makes sense for so long (as data/commands/reminders.py has it); to programs and files always.
KEEP_HOURS = {"sms_http": 72, "smtp": 72, "wecom": 72, "dingtalk": 72}
FROM_ENVIRONMENT = "_env"
OFFICE = "office"
#: With the pauses of data/outbox/worker.py about eight hours: a gateway may be away for a night.
ATTEMPTS = 16


class RouteError(Exception):
    """The file of the routes is wrong; the message is one line that names the route and the key."""


@dataclass(frozen=True)
class Route:
    """`topics` are patterns like case.dispatch or clock.*; `channel` names the kind of address that the adapter needs,
    "" when it needs none; after `attempts` tries a message is dead. `hours`: topics that wait for office hours, unless
    the case is grave; `keep`: what waited longer is not sent any more."""

    name: str
    adapter: Adapter
    topics: tuple[str, ...] = ("*",)
    channel: str = ""
    attempts: int = ATTEMPTS
    kind: str = ""
    hours: tuple[str, ...] = ()
    keep: timedelta | None = None

    def takes(self, topic: str) -> bool:
        return any(fnmatchcase(topic, pattern) for pattern in self.topics)

    def in_office_hours(self, topic: str) -> bool:
        """Whether a message of this topic goes in office hours only."""
        return any(fnmatchcase(topic, pattern) for pattern in self.hours)


ADAPTERS: dict[str, tuple[Callable[..., Adapter], str]] = {
    "file": (lambda folder=str(FOLDER): FileAdapter(Path(folder)), ""),
    "sms_http": (SmsAdapter, "sms"),
    "smtp": (SmtpAdapter, "email"),
    "webhook": (WebhookAdapter, ""),
    "wecom": (RobotAdapter, ""),
    "dingtalk": (lambda **options: RobotAdapter(dingtalk=True, **options), ""),
}


def load_routes(path: Path | None, environment: Mapping[str, str] = os.environ) -> tuple[Route, ...]:
    """The routes of a file; without one a single route into files. Raises RouteError.

    An option whose name ends in `_env` is read from that environment variable: secrets stay out of the file.
    """
    if path is None:
        return (Route("file", FileAdapter(FOLDER), kind="file"),)
    try:
        said = read_yaml(path)
    except YamlError as error:
        raise RouteError(f"{path}: {error}") from error
    listed = said.get("routes") if isinstance(said, dict) else None
    if not isinstance(listed, list) or not listed:
        raise RouteError(f"{path}: routes: has to be a list")
    routes = tuple(_route(one, number, path, environment) for number, one in enumerate(listed, 1))
    if len({route.name for route in routes}) != len(routes):
        raise RouteError(f"{path}: two routes have one name")
    return routes


def _route(said: Any, number: int, path: Path, environment: Mapping[str, str]) -> Route:
    where = f"{path}: route {number}"
    if not isinstance(said, dict) or set(said) - KEYS:
        raise RouteError(f"{where}: has to have name, adapter, and may have {', '.join(sorted(KEYS))}")
    adapter, name = said.get("adapter"), said.get("name")
    if not isinstance(adapter, str) or adapter not in ADAPTERS:
        raise RouteError(f"{where}: adapter: {adapter!r} is not one of {', '.join(ADAPTERS)}")
    if not isinstance(name, str) or not name:
        raise RouteError(f"{where}: name: is missing")
    if not NAME.fullmatch(name):
        raise RouteError(f"{where}: name: up to 64 letters, digits, spaces, '.', '_' and '-'")
    make, channel = ADAPTERS[adapter]
    given = said.get("options") or {}
    if not isinstance(given, dict):
        raise RouteError(f"{where}: options: has to be a mapping")
    try:
        made = make(**_options(given, where, environment))
    except (TypeError, ValueError) as error:
        raise RouteError(f"{where}: options: {error}") from error
    topics, attempts = said.get("topics", ["*"]), said.get("attempts", ATTEMPTS)
    if not isinstance(topics, list) or type(attempts) is not int or attempts < 1:
        raise RouteError(f"{where}: topics is a list of patterns, attempts a number from 1")
    route = Route(
        name, made, tuple(map(str, topics)), str(said.get("channel", channel)), attempts, adapter,
        _hours(said.get("hours"), where), _keep(said.get("keep_hours", KEEP_HOURS.get(adapter)), where),
    )  # fmt: skip
    for key, patterns in (("topics", route.topics), ("hours", route.hours)):
        for pattern in patterns:
            if not any(fnmatchcase(topic, pattern) for topic in (*TOPICS, ROUTE_PAUSED, BRIEF)):
                raise RouteError(f"{where}: {key}: {pattern!r} is no topic of any message")
    return route


def _hours(said: Any, where: str) -> tuple[str, ...]:
    """`office` for every topic, or topics and `office`: `{clock.reminder: office}`."""
    if said is None or said == "always":
        return ()
    if said == OFFICE:
        return ("*",)
    if isinstance(said, dict) and all(value in (OFFICE, "always") for value in said.values()):
        return tuple(str(pattern) for pattern, value in said.items() if value == OFFICE)
    raise RouteError(f"{where}: hours: has to be office, or topics and office like {{clock.reminder: office}}")


def _keep(said: Any, where: str) -> timedelta | None:
    if said is None or said == 0:
        return None
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 < said <= 24 * 366:
        raise RouteError(f"{where}: keep_hours: has to be a number of hours, 0 for ever")
    return timedelta(hours=said)


def _options(said: Mapping[str, Any], where: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """The options, those that name a variable filled from it; also inside `headers`."""
    options: dict[str, Any] = {}
    for name, value in said.items():
        if name == "headers" and isinstance(value, dict):
            options["headers"] = _options(value, where, environment)
        elif not str(name).endswith(FROM_ENVIRONMENT):
            options[str(name)] = value
        elif isinstance(value, str) and environment.get(value):
            options[name.removesuffix(FROM_ENVIRONMENT)] = environment[value]
        else:
            raise RouteError(f"{where}: options.{name}: the environment has no {value}")
    return options
