"""Settings from the environment, one small class a subject. Nothing is read at import: call load_settings()."""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
HOST_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")
Port = Annotated[int, Field(ge=1, le=65535)]


class SettingsError(Exception):
    """A setting is wrong; the message is one line that names it."""


class Subject(BaseSettings):
    """Read from GRIDBOARD_NAME; unknown names are left alone."""

    model_config = SettingsConfigDict(
        env_prefix="GRIDBOARD_", frozen=True, extra="ignore", env_ignore_empty=True, populate_by_name=True
    )


class DatabaseSettings(Subject):
    """GRIDBOARD_DATABASE_URL: the owner's address; without it a private cluster in var/ is used.

    GRIDBOARD_APP_DATABASE_URL: the address of the application's role; without it the owner's connection steps down.
    """

    url: str | None = Field(None, validation_alias="GRIDBOARD_DATABASE_URL")
    app_url: str | None = Field(None, validation_alias="GRIDBOARD_APP_DATABASE_URL")
    pool_size: int = Field(12, ge=1, le=200, validation_alias="GRIDBOARD_POOL_SIZE")
    statement_timeout_ms: int = Field(15_000, ge=100, le=600_000, validation_alias="GRIDBOARD_STATEMENT_TIMEOUT_MS")


class ServerSettings(Subject):
    """GRIDBOARD_HOST, GRIDBOARD_PORT; secure cookies and allowed origins behind a TLS proxy.

    GRIDBOARD_TRUSTED_PROXIES: whose word on the browser's address counts; GRIDBOARD_ALLOWED_HOSTS: names of this site.
    GRIDBOARD_MAX_CONNECTIONS: how many may be open at once, streams included. GRIDBOARD_WORKERS: how many processes serve.
    GRIDBOARD_SOCKET_FD: the descriptor of a listening socket that is used instead, GRIDBOARD_WORKER: which process of several
    this one is; whoever starts it sets them.
    """

    host: str = "127.0.0.1"
    port: Port = 8050
    max_connections: int = Field(4000, ge=16, le=60_000)
    workers: int = Field(1, ge=1, le=64)
    worker: int | None = Field(None, ge=1)
    socket_fd: int | None = Field(None, ge=3)
    secure_cookies: bool = False
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()

    @field_validator("allowed_origins", "allowed_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            try:
                everybody = name != "unix" and ip_network(name, strict=False).prefixlen == 0
            except ValueError as error:
                raise ValueError(f"'{name}' is neither an address, a network like 10.0.0.0/8, nor unix") from error
            if everybody:
                raise ValueError(f"'{name}' would trust everybody")
        return value

    @field_validator("allowed_hosts")
    @classmethod
    def _names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not HOST_NAME.fullmatch(name):
                raise ValueError(f"'{name}' is no name of a host, like board.example")
        return value

    @property
    def is_loopback(self) -> bool:
        return self.host in LOOPBACK


class DeploymentSettings(Subject):
    """Language and time. GRIDBOARD_NOW stops the clock at a moment (RFC 3339, with its offset)."""

    timezone: str = "Asia/Shanghai"
    locale: Literal["zh_CN", "en"] = "zh_CN"
    now: AwareDatetime | None = None
    session_hours: float = Field(12, gt=0, le=24 * 31)

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("not a time zone of the IANA list, like Asia/Shanghai") from error


class MapSettings(Subject):
    """GRIDBOARD_TILE_URL adds a street map: an XYZ template; GRIDBOARD_TILE_CRS says in which coordinates it is drawn."""

    tile_url: str | None = None
    tile_crs: Literal["wgs84", "gcj02"] = "wgs84"
    tile_attribution: str = ""
    tile_max_zoom: int = Field(18, ge=1, le=22)


class DemoSettings(Subject):
    """GRIDBOARD_DEMO_LIVE=0 stops the life of the demonstration; a new case comes about every GRIDBOARD_DEMO_INTERVAL_S."""

    live: bool = Field(True, validation_alias="GRIDBOARD_DEMO_LIVE")
    interval_s: float = Field(10.0, ge=0.2, le=3600, validation_alias="GRIDBOARD_DEMO_INTERVAL_S")


class ClockSettings(Subject):
    """GRIDBOARD_CALENDAR: whose public holidays count (ISO 3166, `none`: weekends only); GRIDBOARD_CLOCKS_FILE: other
    limits, as in docs/clocks.example.yaml."""

    country: str = Field("CN", pattern=r"^([A-Za-z]{2}|none)$", validation_alias="GRIDBOARD_CALENDAR")
    file: Path | None = Field(None, validation_alias="GRIDBOARD_CLOCKS_FILE")


class WorkSettings(Subject):
    """What runs beside the server: GRIDBOARD_SCHEDULER=0 and GRIDBOARD_OUTBOX=0 switch it off in this process.

    GRIDBOARD_OUTBOX_FILE: where messages go, as in docs/messages.example.yaml; GRIDBOARD_OUTBOX_DAYS: how long those that
    were sent are kept; GRIDBOARD_LINK: the address of this
    deployment in messages; GRIDBOARD_ANCHOR_DIR: where the heads of the trace are written down each day; GRIDBOARD_ACCESS_LOG_DAYS:
    how long the access log is kept.
    """

    scheduler: bool = Field(True, validation_alias="GRIDBOARD_SCHEDULER")
    outbox: bool = Field(True, validation_alias="GRIDBOARD_OUTBOX")
    outbox_file: Path | None = Field(None, validation_alias="GRIDBOARD_OUTBOX_FILE")
    outbox_days: int = Field(30, ge=1, le=3650, validation_alias="GRIDBOARD_OUTBOX_DAYS")
    link: str = Field("", validation_alias="GRIDBOARD_LINK")
    anchor_dir: Path = Field(Path("var") / "anchors", validation_alias="GRIDBOARD_ANCHOR_DIR")
    access_log_days: int = Field(180, ge=180, le=3650, validation_alias="GRIDBOARD_ACCESS_LOG_DAYS")


class LiveSettings(Subject):
    """The live stream: heartbeat in seconds, frames buffered for a slow browser, events replayed before a snapshot.

    The page calls 8 s of silence stale (core/live.mjs), so that a beat has to come well before.
    """

    heartbeat_s: float = Field(3.0, ge=0.1, le=6, validation_alias="GRIDBOARD_HEARTBEAT_S")
    buffer_events: int = Field(1000, ge=10, le=100_000, validation_alias="GRIDBOARD_LIVE_BUFFER")
    replay_limit: int = Field(500, ge=1, le=100_000, validation_alias="GRIDBOARD_LIVE_REPLAY")


class Settings(Subject):
    """All subjects together."""

    database: DatabaseSettings = Field(default_factory=lambda: DatabaseSettings())
    server: ServerSettings = Field(default_factory=lambda: ServerSettings())
    deployment: DeploymentSettings = Field(default_factory=lambda: DeploymentSettings())
    map: MapSettings = Field(default_factory=lambda: MapSettings())
    demo: DemoSettings = Field(default_factory=lambda: DemoSettings())
    clocks: ClockSettings = Field(default_factory=lambda: ClockSettings())
    work: WorkSettings = Field(default_factory=lambda: WorkSettings())
    live: LiveSettings = Field(default_factory=lambda: LiveSettings())


def load_settings() -> Settings:
    """Read the environment. Raises SettingsError for a value out of bounds."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        name = name if name.isupper() else f"GRIDBOARD_{name.upper()}"
        raise SettingsError(f"{name}={first['input']!r}: {first['msg'].removeprefix('Value error, ')}.") from error
