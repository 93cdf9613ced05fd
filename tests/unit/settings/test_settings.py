"""Settings come from the environment, within bounds, and nothing is read at import."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from settings import SettingsError, load_settings


def test_defaults_need_no_environment(monkeypatch):
    for name in ("GRIDBOARD_DATABASE_URL", "GRIDBOARD_NOW", "GRIDBOARD_PORT", "GRIDBOARD_DEMO_LIVE"):
        monkeypatch.delenv(name, raising=False)
    found = load_settings()
    assert (found.database.url, found.server.host, found.server.port, found.demo.live) == (
        None,
        "127.0.0.1",
        8050,
        True,
    )


def test_names_of_the_contract_are_read(monkeypatch):
    monkeypatch.setenv("GRIDBOARD_PORT", "9001")
    monkeypatch.setenv("GRIDBOARD_NOW", "2012-01-01T00:00:00-05:00")
    monkeypatch.setenv("GRIDBOARD_DEMO_LIVE", "0")
    monkeypatch.setenv("GRIDBOARD_ALLOWED_ORIGINS", "https://a.example, https://b.example")
    found = load_settings()
    assert found.server.port == 9001 and found.demo.live is False
    assert found.deployment.now == datetime(2012, 1, 1, 5, tzinfo=UTC)
    assert found.server.allowed_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "x"),
        ("NOW", "2012-01-01T00:00:00"),
        ("LOCALE", "fr"),
        ("TILE_CRS", "bd09"),
        ("TIMEZONE", "Mars/Base"),
        ("POOL_SIZE", "0"),
        ("HEARTBEAT_S", "8"),
    ],
)
def test_out_of_bounds_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(f"GRIDBOARD_{name}", value)
    with pytest.raises(SettingsError, match=f"^GRIDBOARD_{name}={value!r}: ") as refused:
        load_settings()
    assert "\n" not in str(refused.value)


def test_the_longest_heartbeat_comes_before_a_page_calls_itself_stale(monkeypatch):
    script = Path(__file__).parents[3] / "dashboard/assets/app/core/live_stream.mjs"
    silence_s = int(re.search(r"SILENCE_MS = (\d+);", script.read_text("utf-8"))[1]) / 1000
    monkeypatch.setenv("GRIDBOARD_HEARTBEAT_S", "6")
    assert load_settings().live.heartbeat_s + 1 < silence_s
    monkeypatch.setenv("GRIDBOARD_HEARTBEAT_S", "6.1")
    with pytest.raises(SettingsError):
        load_settings()
