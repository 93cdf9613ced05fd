"""Which messages go where: the routes of a deployment, from a YAML file, or one into files."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from data.outbox.file import FileAdapter
from data.outbox.http import RobotAdapter, SmsAdapter, WebhookAdapter
from data.outbox.messages import TOPICS, Adapter
from data.outbox.smtp import SmtpAdapter
from data.yaml_files import YamlError, read_yaml

FOLDER = Path("var") / "outbox"
KEYS = {"name", "adapter", "topics", "channel", "attempts", "options"}
FROM_ENVIRONMENT = "_env"
#: With the pauses of data/outbox/worker.py about eight hours: a gateway may be away for a night.
ATTEMPTS = 16


class RouteError(Exception):
    """The file of the routes is wrong; the message is one line that names the route and the key."""


@dataclass(frozen=True)
class Route:
    """`topics` are patterns like case.dispatch or clock.*; `channel` names the kind of address that the adapter needs,
    "" when it needs none; after `attempts` tries a message is dead."""

    name: str
    adapter: Adapter
    topics: tuple[str, ...] = ("*",)
    channel: str = ""
    attempts: int = ATTEMPTS

    def takes(self, topic: str) -> bool:
        return any(fnmatchcase(topic, pattern) for pattern in self.topics)


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
        return (Route("file", FileAdapter(FOLDER)),)
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
    route = Route(name, made, tuple(map(str, topics)), str(said.get("channel", channel)), attempts)
    for pattern in route.topics:
        if not any(fnmatchcase(topic, pattern) for topic in TOPICS):
            raise RouteError(f"{where}: topics: {pattern!r} is no topic of any message")
    return route


def _options(said: Mapping[str, Any], where: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """The options, those that name a variable filled from it; also inside `headers`."""
    found: dict[str, Any] = {}
    for name, value in said.items():
        if name == "headers" and isinstance(value, dict):
            found["headers"] = _options(value, where, environment)
        elif not str(name).endswith(FROM_ENVIRONMENT):
            found[str(name)] = value
        elif isinstance(value, str) and environment.get(value):
            found[name.removesuffix(FROM_ENVIRONMENT)] = environment[value]
        else:
            raise RouteError(f"{where}: options.{name}: the environment has no {value}")
    return found
