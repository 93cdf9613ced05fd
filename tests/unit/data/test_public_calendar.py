"""The calendar of China against the State Council's notices, each day of each announced year; and what is not announced."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from data.calendar import known_until, working_calendar

NOTICES = yaml.safe_load((Path(__file__).parents[2] / "data/calendar/china.yaml").read_text("utf-8"))
ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


def day(year: int, said: str) -> date:
    return date.fromisoformat(f"{year}-{said}")


@pytest.mark.parametrize("year", NOTICES)
def test_every_day_of_an_announced_year_is_as_the_notice_says(year: int):
    off: set[date] = set()
    for said in NOTICES[year]["free"]:
        first, last = (day(year, one) for one in said.split(".."))
        off |= {first + n * DAY for n in range((last - first).days + 1)}
    worked = {day(year, said) for said in NOTICES[year]["worked"]}
    assert all(one.weekday() >= 5 for one in worked) and not off & worked
    calendar = working_calendar(ZONE)
    each = [date(year, 1, 1) + n * DAY for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    wrong = {
        one.isoformat(): calendar.is_workday(one)
        for one in each
        if calendar.is_workday(one) != (one in worked or (one not in off and one.weekday() < 5))
    }
    assert wrong == {}


def test_how_far_the_calendar_is_announced():
    assert known_until("CN") == date(max(NOTICES), 12, 31)
    assert known_until("cn") == known_until("CN")
    assert known_until("US") is None and known_until("none") is None, "nothing has to be announced there"


def test_a_deployments_own_days_go_over_the_notices():
    own = working_calendar(ZONE, days_off=[date(2019, 5, 5)], work_days=[date(2019, 5, 2)])
    assert not own.is_workday(date(2019, 5, 5)) and own.is_workday(date(2019, 5, 2))
