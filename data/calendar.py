"""The working calendar of a country, from the holidays package: days off, and weekend days that are worked instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, tzinfo
from functools import cache

from rules.calendar import Calendar

# Cases of the past are recomputed as well; of years whose arrangement is not published yet only the statutory days
# are known.
YEARS = range(2015, 2036)
WEEKENDS_ONLY = "none"


class UnknownCountry(ValueError):
    """No public holidays are known for a country of this code."""


def working_calendar(
    zone: tzinfo, *, country: str = "CN", days_off: Iterable[date] = (), work_days: Iterable[date] = ()
) -> Calendar:
    """The calendar of a country (ISO 3166; `none`: weekends only) with the deployment's own days off and worked days.

    Raises UnknownCountry.
    """
    off, worked, weekend = _public_days(country.upper()) if country != WEEKENDS_ONLY else (set(), set(), {5, 6})
    return replace(
        Calendar(zone),
        days_off=frozenset((off | set(days_off)) - set(work_days)),
        work_days=frozenset((worked | set(work_days)) - set(days_off)),
        weekend=frozenset(weekend),
    )


@cache
def _public_days(country: str) -> tuple[set[date], set[date], set[int]]:
    import holidays  # here, as it is needed once and takes its time

    try:
        known = holidays.country_holidays(country, years=YEARS)
    except NotImplementedError as error:
        raise UnknownCountry(country) from error
    return set(known), {day for day in known.weekend_workdays if day.year in YEARS}, set(known.weekend)
