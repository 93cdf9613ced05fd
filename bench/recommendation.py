"""Quality of the recommendation against people's choices and two simple rules, on a history split in time.

Before the split lies what the ranking may know of outcomes; after it the choices that are compared. Loads are those of
the moment. docs/recommendation.md says what the figures mean, and which of them are artefacts of invented data.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any

from sqlalchemy import text

from bench.figures import Row, median_ms, p_ms, timed
from bench.world import World
from data.database import SYSTEM
from data.queries import cases, organisations, outcomes
from rules.facts import CaseFacts, OrganisationFacts
from rules.ranking import rank

GROUP = "recommendation"
TESTED = timedelta(days=90)
# What the mean of a category is worth in cases where the handling time of a body is estimated.
TIME_STRENGTH = 20
EARTH_M = 6_371_008.8


@dataclass(frozen=True)
class Choice:
    """One dispatch or transfer after the split: who could have taken the case, who did, and how long it was held."""

    at: datetime
    case: CaseFacts
    candidates: tuple[OrganisationFacts, ...]
    chosen: int
    last: int | None
    held: timedelta


def measure(world: World) -> Iterator[Row]:
    with world.database.owning() as connection:
        ways, placed = outcomes.ways(connection), outcomes.placed_organisations(connection)
        number = connection.execute(text("SELECT min(case_no) FROM cases WHERE status = 'waiting'")).scalar_one()
        template = cases.facts(cases.row(connection, number))
        split = ways[-1]["at"] - TESTED
        records = {
            category: outcomes.records(
                connection,
                template.path.split("/")[0],
                category,
                now=split,
                organisations=[organisation["id"] for organisation in placed],
            )
            for category in {way["category"] for way in ways}
        }
    choices = _choices(ways, placed, records, template, split)
    yield from _agreement(choices)
    yield from _consequences(choices, ways, split)
    yield from _speed(world, number)


def _choices(ways: list[dict], placed: list[dict], records: dict, template: CaseFacts, split: datetime) -> list[Choice]:
    """Walk the history once, keeping who holds what, who gave what up, and who had the like last."""
    ends, holders, load = _ends(ways), dict[str, int](), Counter[int]()
    left, last, choices = defaultdict[str, list[int]](list), dict[tuple[str, str], int](), []
    for way, end in zip(ways, ends, strict=True):
        number = way["case_no"]
        if number in holders:
            load[holders.pop(number)] -= 1
        if way["act"] in ("return", "transfer"):
            left[number].append(way["from_id"])
        if way["act"] not in ("dispatch", "transfer"):
            continue
        like = (way["category"], way["centre_path"])
        if way["at"] >= split:
            case = replace(
                template,
                category=way["category"],
                path=way["path"],
                needs=tuple(way["needs"]),
                left_by=tuple(left[number]),
            )
            candidates = tuple(_candidates(way, placed, records, load))
            held = end - way["at"]
            choices.append(Choice(way["at"], case, candidates, way["to_id"], last.get(like), held))
        last[like] = holders[number] = way["to_id"]
        load[way["to_id"]] += 1
    return [choice for choice in choices if len(rank(choice.case, choice.candidates)) > 1]


def _ends(ways: list[dict]) -> list[datetime]:
    """When each stretch in one hand ended: at the next act on the same case, or at the end of the history."""
    ends, later = [ways[-1]["at"]] * len(ways), dict[str, datetime]()
    for place in range(len(ways) - 1, -1, -1):
        way = ways[place]
        ends[place] = later.get(way["case_no"], ends[place])
        later[way["case_no"]] = way["at"]
    return ends


def _candidates(way: dict, placed: list[dict], records: dict, load: Counter[int]) -> Iterator[OrganisationFacts]:
    for organisation in placed:
        if way["category"] in organisation["duties"] and way["path"].startswith(organisation["path"]):
            yield OrganisationFacts(
                id=organisation["id"], path=organisation["path"], kind=organisation["kind"], active=True,
                duties=frozenset(organisation["duties"]), capacity=organisation["capacity"],
                open_load=load[organisation["id"]], distance_m=_metres(way, organisation),
                skills=frozenset(organisation["skills"]), record=records[way["category"]].get(organisation["id"]),
            )  # fmt: skip


def _metres(one: dict, other: dict) -> float | None:
    """On the sphere, as the database measures it."""
    if None in (one["lon"], one["lat"], other["lon"], other["lat"]):
        return None
    lon, lat, lon_2, lat_2 = map(math.radians, (one["lon"], one["lat"], other["lon"], other["lat"]))
    square = math.sin((lat_2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat_2) * math.sin((lon_2 - lon) / 2) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(square))


def _orders() -> dict[str, Callable[[Choice], list[int]]]:
    """How each rule would order the suitable bodies."""

    def recommended(choice: Choice) -> list[int]:
        return [one.organisation_id for one in rank(choice.case, choice.candidates)]

    def nearest(choice: Choice) -> list[int]:
        suitable = {one.organisation_id for one in rank(choice.case, choice.candidates)}
        known = [organisation for organisation in choice.candidates if organisation.id in suitable]
        far = math.inf
        return [
            organisation.id
            for organisation in sorted(
                known,
                key=lambda organisation: (
                    far if organisation.distance_m is None else organisation.distance_m,
                    organisation.id,
                ),
            )
        ]

    def same_as_last(choice: Choice) -> list[int]:
        others = nearest(choice)
        return sorted(others, key=lambda organisation: organisation != choice.last)

    return {"recommendation": recommended, "nearest": nearest, "same as last time": same_as_last}


def _agreement(choices: Sequence[Choice]) -> Iterator[Row]:
    """How often the later choice of a person stands first, and among the first three."""
    note = (
        f"{len(choices)} choices of {TESTED.days} days, {fmean(len(one.candidates) for one in choices):.1f} bodies each"
    )
    chance = fmean(1 / len(one.candidates) for one in choices)
    for name, order in _orders().items():
        places = [order(one).index(one.chosen) + 1 if one.chosen in order(one) else 99 for one in choices]
        for most, words in ((1, "first"), (3, "in the first three")):
            share = fmean(place <= most for place in places) * 100
            extra = f"; by chance {chance:.0%}" if most == 1 else ""
            yield Row(GROUP, f"{name}: chosen body {words}", share, "%", note=note + extra)


def _consequences(choices: Sequence[Choice], ways: list[dict], split: datetime) -> Iterator[Row]:
    """What would follow if each rule were obeyed: hours in hand as that body and category have them, spread of load."""
    hours = _expected_hours(ways, split)
    orders: dict[str, Callable[[Choice], int]] = {"people": lambda one: one.chosen}
    for name, order in _orders().items():
        orders[name] = lambda one, order=order: order(one)[0]  # type: ignore[misc]
    for name, pick in orders.items():
        picks, burdens = _obeyed(choices, pick)
        expected = fmean(
            hours(one.case.category, organisation) for one, organisation in zip(choices, picks, strict=True)
        )
        yield Row(GROUP, f"{name}: expected handling time", expected, "h", note="mean of body and category, shrunk")
        yield Row(GROUP, f"{name}: load spread", 100 * gini(burdens), "Gini, %", note="0 even, 100 all on one body")


def _obeyed(choices: Sequence[Choice], pick: Callable[[Choice], int]) -> tuple[list[int], list[float]]:
    """Replay the choices under a rule that sees the loads which it made itself; the mean load share of each body."""
    ends: list[tuple[datetime, int]] = []
    load, burden, picks = Counter[int](), Counter[int](), []
    capacities = {organisation.id: max(organisation.capacity, 1) for one in choices for organisation in one.candidates}
    for one in choices:
        while ends and ends[0][0] <= one.at:
            load[heapq.heappop(ends)[1]] -= 1
        candidates = tuple(replace(organisation, open_load=load[organisation.id]) for organisation in one.candidates)
        organisation = pick(replace(one, candidates=candidates))
        picks.append(organisation)
        load[organisation] += 1
        burden[organisation] += int(one.held.total_seconds())
        heapq.heappush(ends, (one.at + one.held, organisation))
    return picks, [burden[organisation] / capacity for organisation, capacity in capacities.items()]


def _expected_hours(ways: list[dict], split: datetime) -> Callable[[str, int], float]:
    """The mean time in hand after the split until it was settled, by category and body, shrunk to the category's."""
    taken: dict[tuple[str, int], list[float]] = defaultdict(list)
    of_category: dict[str, list[float]] = defaultdict(list)
    since: dict[str, datetime] = {}
    for way in ways:
        begun = since.pop(way["case_no"], None)
        if way["act"] in ("dispatch", "transfer"):
            since[way["case_no"]] = way["at"]
        elif way["act"] == "settle" and begun is not None and begun >= split:
            hours = (way["at"] - begun) / timedelta(hours=1)
            taken[way["category"], way["from_id"]].append(hours)
            of_category[way["category"]].append(hours)
    everything = fmean(hours for some in of_category.values() for hours in some)

    def expected(category: str, organisation: int) -> float:
        mean = fmean(of_category[category]) if of_category[category] else everything
        own = taken[category, organisation]
        return (sum(own) + TIME_STRENGTH * mean) / (len(own) + TIME_STRENGTH)

    return expected


def gini(values: Sequence[float]) -> float:
    """Mean difference between two of them, as a share of twice their mean: 0 where all are alike."""
    ordered, total = sorted(values), math.fsum(values)
    weighted = math.fsum((2 * place - len(ordered) - 1) * value for place, value in enumerate(ordered, 1))
    return weighted / (len(ordered) * total) if total else 0.0


def _speed(world: World, case_no: str) -> Iterator[Row]:
    """Outcomes alone, and all that ranks the bodies of a case, as the server asks for them."""
    with world.database.reading(SYSTEM) as connection:
        row: Any = cases.row(connection, case_no)
        facts, now = cases.facts(row), row["reported_at"]

        def past() -> object:
            return outcomes.records(connection, row["prefecture"], facts.category, now=now, organisations=[1])

        def ranked() -> object:
            return rank(
                facts, [organisation for organisation, _ in organisations.candidates(connection, row, now=now)]
            )

        for name, act in (("outcomes of a category", past), ("bodies of a case, ranked", ranked)):
            taken = timed(act, 50, warm_up=5)
            yield Row(GROUP, name, p_ms(taken, 0.95), "ms p95", "10", f"median {median_ms(taken):.1f} ms")
