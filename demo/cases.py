"""Twenty-four months of invented cases with their complete traces, up to `now`. No person appears in any text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np
import shapely

from demo.areas import AreaSeed
from demo.categories import CATEGORIES, DemoCategory
from demo.places import random_points
from demo.planted import planted_rows, without_prevented
from demo.plots import DAYS
from demo.stories import ZONE, CaseSeed, Desk, Draft, Standing, tell_case
from rules.cases import Kind, Status

DISPUTES_INCIDENTS_HAZARDS, REQUESTS = 20_850, 22_950
# The last two hours are busier than a usual day (the demonstration's own pace), so that the desk has a queue.
FRESH = 72
HOURS = np.array([1, 1, 1, 1, 1, 2, 4, 8, 14, 16, 15, 12, 8, 9, 14, 15, 14, 11, 8, 7, 6, 5, 3, 2], float)
EVENING = np.array([6, 4, 2, 1, 1, 1, 1, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5, 7, 10, 13, 15, 14, 10], float)
WEEKDAYS = np.array([1.15, 1.05, 1.0, 1.0, 1.05, 0.85, 0.8])
# Public dates on which more happens: the Water-Splashing festival and the National holidays ...
PEAKS = {(4, day): 1.7 for day in range(12, 18)} | {(10, day): 1.4 for day in range(1, 8)}
# ... and the ten days about Spring Festival, by its first day.
SPRING_FESTIVALS = {
    date(2024, 2, 10),
    date(2025, 1, 29),
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2029, 2, 13),
    date(2030, 2, 3),
}
SPRING_PEAK = {first + timedelta(days=day): 1.35 for first in SPRING_FESTIVALS for day in range(-2, 8)}
# How many cases are in each status at `now`, and how many of them are late.
STANDING = {
    Status.reported: 12,
    Status.accepted: 9,
    Status.waiting: 60,
    Status.dispatched: 44,
    Status.signed: 30,
    Status.handling: 70,
    Status.paused: 6,
    Status.settled: 263,
}
LATE = {Status.waiting: 15, Status.dispatched: 7, Status.signed: 5, Status.handling: 4}
QUEUE = (Status.reported, Status.accepted, Status.waiting)
AT_WORK = (Status.dispatched, Status.handling, Status.paused)
# Work begins within a day of the signing, except where that is late.
BEGUN_WITHIN = timedelta(hours=23)


def generate(grids: list[AreaSeed], desk: Desk, *, seed: int, now: datetime, scale: float = 1.0) -> list[CaseSeed]:
    """All cases, oldest first. The same seed, time and scale give the same cases."""
    rng = np.random.default_rng(seed + 37)
    drafts = _drafts(rng, grids, now, scale, seed)
    standing = _standing(rng, drafts, now, scale)
    serials: dict[str, int] = defaultdict(int)
    return [tell_case(rng, draft, standing.get(draft.index), desk, now, serials) for draft in drafts]


def _drafts(
    rng: np.random.Generator, grids: list[AreaSeed], now: datetime, scale: float, seed: int
) -> list[Draft]:
    """When, what and where: seasons by category, more where people live, a few grids with much more than their share;
    and what demo/planted.py hides among them."""
    heat = rng.lognormal(0, 0.75, len(grids)) * np.where(rng.random(len(grids)) < 0.03, 4.0, 1.0)
    density = np.array([grid.households / max(shapely.area(grid.geom), 1e-9) for grid in grids])
    town = density.argsort().argsort() / max(len(grids) - 1, 1)
    people = np.array([max(grid.households, 20) for grid in grids], float)
    local_now = now.astimezone(ZONE)
    first = (local_now - timedelta(days=DAYS)).date()
    rows: list[tuple[datetime, DemoCategory, int]] = []
    for category, count in _shares(scale):
        days = _days(rng, category, first, local_now.date(), count)
        weight = people * heat * (0.08 + (1 - np.abs(town - category.setting)) ** 2)
        where = rng.choice(len(grids), size=count, p=weight / weight.sum())
        clock = EVENING if category.evening else HOURS
        hours = rng.choice(24, size=count, p=clock / clock.sum()) + rng.random(count)
        rows += [
            (datetime.combine(day, datetime.min.time(), ZONE) + timedelta(hours=float(hour)), category, int(place))
            for day, hour, place in zip(days, hours, where, strict=True)
        ]
    rows = [row for row in rows if row[0] < now - timedelta(hours=2)]
    rows = without_prevented(rows, grids, seed=seed, now=now)
    rows += _fresh(rng, people * heat, now, max(3, round(FRESH * min(scale * 2, 1))))
    named = {category.code: category for category in CATEGORIES}
    planted = planted_rows(grids, seed=seed, now=now)
    rows += [(at.astimezone(ZONE), named[category], place) for at, category, place in planted]
    rows.sort(key=lambda row: (row[0], row[1].code, row[2]))
    points = _points(rng, grids, rows)
    return [
        Draft(index, at.astimezone(UTC).replace(microsecond=0), category, grids[place], *points[index])
        for index, (at, category, place) in enumerate(rows)
    ]


def _shares(scale: float) -> Iterator[tuple[DemoCategory, int]]:
    for requests, total in ((False, DISPUTES_INCIDENTS_HAZARDS), (True, REQUESTS)):
        group = [category for category in CATEGORIES if (category.kind == Kind.request) == requests]
        weights = sum(category.weight for category in group)
        for category in group:
            yield category, max(1, round(total * scale * category.weight / weights))


def _days(rng: np.random.Generator, category: DemoCategory, first: date, last: date, count: int) -> list[date]:
    calendar = [first + timedelta(days=day) for day in range((last - first).days + 1)]
    weight = np.array(
        [
            category.months[day.month - 1]
            * WEEKDAYS[day.weekday()]
            * PEAKS.get((day.month, day.day), 1.0)
            * SPRING_PEAK.get(day, 1.0)
            * (0.8 + 0.4 * place / DAYS)
            for place, day in enumerate(calendar)
        ]
    )
    return [calendar[int(index)] for index in rng.choice(len(calendar), size=count, p=weight / weight.sum())]


def _fresh(rng: np.random.Generator, weight: np.ndarray, now: datetime, count: int) -> list[tuple]:
    shares = np.array([category.weight * category.months[now.astimezone(ZONE).month - 1] for category in CATEGORIES])
    kinds = rng.choice(len(CATEGORIES), size=count, p=shares / shares.sum())
    places = rng.choice(len(weight), size=count, p=weight / weight.sum())
    ages = rng.uniform(2, 58, count)
    return [
        (now - timedelta(minutes=float(age)), CATEGORIES[int(kind)], int(place))
        for age, kind, place in zip(ages, kinds, places, strict=True)
    ]


def _points(rng: np.random.Generator, grids: list[AreaSeed], rows: list[tuple]) -> list[tuple[float, float]]:
    by_grid: dict[int, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        by_grid[row[2]].append(index)
    points: list[tuple[float, float]] = [(0.0, 0.0)] * len(rows)
    for place, indexes in by_grid.items():
        for index, (lon, lat) in zip(indexes, random_points(rng, grids[place].geom, len(indexes)), strict=True):
            points[index] = (float(lon), float(lat))
    return points


def _standing(rng: np.random.Generator, drafts: list[Draft], now: datetime, scale: float) -> dict[int, Standing]:
    """Which cases are still open, and how far they are: fresh ones queue, those of the last days are at work, later ones
    wait for the archive, and a few of some weeks ago are late."""
    share = min(scale, 1.0)
    late = {status: max(1, round(count * share)) for status, count in LATE.items()}
    left = {status: max(2, round(count * share)) - late.get(status, 0) for status, count in STANDING.items()}
    newest = list(reversed(drafts))
    fresh = [draft.index for draft in newest if now - draft.at < timedelta(minutes=59)]
    older = [draft.index for draft in newest if now - draft.at > timedelta(hours=3)]
    weeks_ago = [draft.index for draft in newest if timedelta(days=15.5) < now - draft.at < timedelta(days=27)]
    standing: dict[int, Standing] = {}

    def place(indexes: list[int], statuses: list[Status], *, is_late: bool = False) -> None:
        free = [index for index in indexes if index not in standing]
        standing.update((index, Standing(status, is_late)) for index, status in zip(free, statuses, strict=False))

    queue = _shuffled(rng, [status for status in QUEUE for _ in range(left[status])])
    place(fresh, [*queue, *[Status.dispatched] * max(len(fresh) - len(queue), 0)])
    left[Status.dispatched] = max(left[Status.dispatched] - max(len(fresh) - len(queue), 0), 0)
    hours_late = [status for status in (Status.waiting, Status.dispatched) for _ in range(late[status])]
    place(older, hours_late, is_late=True)
    days_late = [status for status in (Status.signed, Status.handling) for _ in range(late[status])]
    place(_shuffled(rng, weeks_ago), days_late, is_late=True)
    recent = [index for index in older if now - drafts[index].at < BEGUN_WITHIN]
    place(_shuffled(rng, recent), [Status.signed] * left[Status.signed])
    at_work = [status for status in AT_WORK for _ in range(left[status])]
    near = len(hours_late) + left[Status.signed] + round(len(at_work) * 1.5)
    place(_shuffled(rng, older[:near]), at_work)
    place(_shuffled(rng, older[: len(standing) + 2 * left[Status.settled]]), [Status.settled] * left[Status.settled])
    return standing


def _shuffled(rng: np.random.Generator, items: list) -> list:
    return [items[int(place)] for place in rng.permutation(len(items))]
