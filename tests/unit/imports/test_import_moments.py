"""Times in many forms, by the wall clock of a zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from imports.moments import Calendar, end_of_day, read_moment, second_reading

SHANGHAI = Calendar(ZoneInfo("Asia/Shanghai"))
NEW_YORK = Calendar(ZoneInfo("America/New_York"))
WANTED = datetime(2024, 3, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05 14:07",
        "2024-03-05T14:07:00",
        "2024/3/5 14:07:00",
        "2024.3.5 14:07",
        "2024年3月5日 14:07",
        "2024年03月05日14时07分",
        "2024年3月5日 下午2:07",
        "20240305140700",
        "2024-03-05 02:07 PM",
        "2024-03-05T06:07:00Z",
        "2024-03-05T08:07:00+02:00",
        "2024-03-05 08:07:00+0200",
        "1709618820",
        "1709618820000",
        1709618820.0,
        datetime(2024, 3, 5, 14, 7),
        45356.588194444,
    ],
)
def test_the_same_moment_in_many_forms(text):
    assert read_moment(text, SHANGHAI).at == WANTED


def test_day_and_month_need_an_order_only_where_both_could_be():
    assert read_moment("25/3/2024 14:07", SHANGHAI).at.day == 25
    assert read_moment("3/25/2024 14:07", SHANGHAI).at.day == 25
    with pytest.raises(ValueError, match="date_order"):
        read_moment("3/4/2024", SHANGHAI)
    assert read_moment("3/4/2024", Calendar(SHANGHAI.zone, "mdy")).at == datetime(2024, 3, 3, 16, tzinfo=UTC)
    assert read_moment("3/4/2024", Calendar(SHANGHAI.zone, "dmy")).at == datetime(2024, 4, 2, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["soon", "2024-13-01", "2024-02-30", "2024-01-01 25:00", "0001-01-01", "12", "2024-01-01 10:61"]
)
def test_what_is_no_time_says_so(text):
    with pytest.raises(ValueError):
        read_moment(text, SHANGHAI)


def test_an_hour_that_summer_time_leaves_out_is_one_hour_later():
    moment = read_moment("2011-03-13 02:30:00", NEW_YORK)
    assert moment.in_gap
    assert moment.at == datetime(2011, 3, 13, 7, 30, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_the_first_and_can_be_the_second():
    moment = read_moment("2011-11-06 01:30:00", NEW_YORK)
    assert not moment.in_gap
    assert moment.at == datetime(2011, 11, 6, 5, 30, tzinfo=UTC)
    assert second_reading(moment, NEW_YORK) == datetime(2011, 11, 6, 6, 30, tzinfo=UTC)


def test_a_deadline_given_as_a_day_lasts_to_its_end():
    for value in ("2024-03-05", date(2024, 3, 5), 45356):
        assert end_of_day(read_moment(value, SHANGHAI), SHANGHAI) == datetime(2024, 3, 5, 15, 59, 59, tzinfo=UTC)


def test_a_form_of_ones_own():
    assert read_moment("05-Mar-24 14.07", SHANGHAI, ("%d-%b-%y %H.%M",)).at == WANTED
    with pytest.raises(ValueError, match="not written as"):
        read_moment("2024-03-05", SHANGHAI, ("%d-%b-%y %H.%M",))
