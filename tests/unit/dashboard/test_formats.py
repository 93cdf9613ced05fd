"""Numbers and times in the words of each language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard import formats

NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
ZONE = "Asia/Shanghai"


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("length", "chinese", "english"),
    [
        (timedelta(minutes=5), "5 分钟", "5 min"),
        (timedelta(hours=3, minutes=20), "3 小时 20 分钟", "3 h 20 min"),
        (timedelta(hours=2), "2 小时", "2 h"),
        (timedelta(days=2, hours=4, minutes=9), "2 天 4 小时", "2 d 4 h"),
        (timedelta(days=40, hours=4), "40 天", "40 d"),
        (timedelta(seconds=-3), "0 分钟", "0 min"),
    ],
)
def test_duration(length: timedelta, chinese: str, english: str) -> None:
    assert plain(formats.duration(length, "zh_CN")) == chinese
    assert plain(formats.duration(length, "en")) == english


def test_relative_within_a_day_then_the_date_in_the_deployment_zone() -> None:
    assert formats.relative(NOW, NOW, "en", ZONE) == "just now"
    assert plain(formats.relative(NOW - timedelta(hours=3), NOW, "zh_CN", ZONE)) == "3 小时前"
    assert formats.relative(NOW - timedelta(days=2), NOW, "zh_CN", ZONE) == "6月13日 12:00"
    assert formats.relative(NOW - timedelta(days=2), NOW, "en", ZONE) == "13 Jun 12:00"


def test_clock_in_words() -> None:
    assert plain(formats.clock(NOW + timedelta(minutes=30), NOW, "en")) == "30 min left"
    assert plain(formats.clock(NOW - timedelta(hours=2), NOW, "zh_CN")) == "超期 2 小时"
    assert formats.clock(None, NOW, "en") == "No clock"


def test_counts_and_distances() -> None:
    assert formats.count(12345, "zh_CN") == formats.count(12345, "en") == "12,345"
    assert formats.distance(234, "en") == "230 m"
    assert formats.distance(16_400, "zh_CN") == "16.4 公里"
    assert formats.percent(0.98, "en") == "98%"
