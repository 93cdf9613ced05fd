"""Settings come from the environment, within bounds, and nothing is read at import."""

from __future__ import annotations

from datetime import UTC, datetime

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
        ("HEARTBEAT_S", "60"),
    ],
)
def test_out_of_bounds_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(f"GRIDBOARD_{name}", value)
    with pytest.raises(SettingsError, match=f"^GRIDBOARD_{name}={value!r}: ") as refused:
        load_settings()
    assert "\n" not in str(refused.value)
