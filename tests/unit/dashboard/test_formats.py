"""Numbers and times in the words of each language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.words import formats

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


@pytest.mark.parametrize(
    ("at", "zone", "zh", "en"),
    [
        # Saturday 7 March 2026, 00:00 in Shanghai: the end of Friday
        ("2026-03-06T16:00:00+00:00", "Asia/Shanghai", "2026年3月6日 24:00", "6 Mar 2026 24:00"),
        ("2026-03-06T15:59:00+00:00", "Asia/Shanghai", "2026年3月6日 23:59", "6 Mar 2026 23:59"),
        ("2026-03-06T16:01:00+00:00", "Asia/Shanghai", "2026年3月7日 00:01", "7 Mar 2026 00:01"),
        ("2026-01-01T00:00:00+00:00", "UTC", "2025年12月31日 24:00", "31 Dec 2025 24:00"),
        # clocks go back at 2:00 on 1 November, forward at 2:00 on 8 March
        ("2026-11-02T05:00:00+00:00", "America/New_York", "2026年11月1日 24:00", "1 Nov 2026 24:00"),
        ("2026-03-09T04:00:00+00:00", "America/New_York", "2026年3月8日 24:00", "8 Mar 2026 24:00"),
    ],
)
def test_a_deadline_at_midnight_is_the_end_of_the_day_before(at: str, zone: str, zh: str, en: str):
    moment_at = datetime.fromisoformat(at)
    assert formats.deadline(moment_at, "zh_CN", zone) == zh and formats.deadline(moment_at, "en", zone) == en
    assert formats.deadline(moment_at, "zh_CN", zone, form="short") == zh.partition("年")[2]
