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
#: Countries whose government arranges the days of each year anew.
ANNOUNCED = frozenset({"CN"})
#: Where the package and the State Council's notices differ (tests/data/calendar): days off, worked weekend days.
#: Labour Day of 2019 was arranged anew on 22 March 2019.
NOTICES: dict[str, tuple[tuple[date, ...], tuple[date, ...]]] = {
    "CN": (
        (date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 4)),
        (date(2019, 4, 28), date(2019, 5, 5)),
    )
}


def working_calendar(
    zone: tzinfo, *, country: str = "CN", days_off: Iterable[date] = (), work_days: Iterable[date] = ()
) -> Calendar:
    """The calendar of a country (ISO 3166; `none`: weekends only) with the deployment's own days off and worked days.

    Raises ValueError for a country whose public holidays are not known.
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
        raise ValueError(f"no public holidays are known for {country!r}") from error
    off, worked = NOTICES.get(country, ((), ()))
    days_off = (set(known) | set(off)) - set(worked)
    days_worked = {day for day in known.weekend_workdays if day.year in YEARS} | set(worked)
    return days_off, days_worked - set(off), set(known.weekend)


def known_until(country: str) -> date | None:
    """The last day whose arrangement is announced, where a government announces each year's; None where nothing is to
    come. After it only the statutory days are known, and no weekend day that is worked."""
    if country == WEEKENDS_ONLY:
        return None
    worked = _public_days(country.upper())[1]
    return date(max(day.year for day in worked), 12, 31) if country.upper() in ANNOUNCED and worked else None
