"""The generator alone, on few grids but all cases: how many, when, how fast, legal, and about nobody."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
import shapely

from demo import load
from demo.areas import AreaSeed, build_areas
from demo.cases import generate
from demo.categories import CATEGORIES
from demo.matters import MATTERS
from demo.organisations import OrganisationSeed, build_organisations
from demo.stories import ZONE, CaseSeed, Desk
from demo.tiers import quarter_starts
from geo.labels import label_point
from rules.cases import OPEN, TO_FILE, Kind, Severity, Status
from rules.moves import MOVES, Actor
from rules.replay import replay
from rules.sla import due_at

NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
NIGHT = datetime(2026, 1, 10, 20, 0, tzinfo=UTC)
SEED = 7


@cache
def areas() -> list[AreaSeed]:
    return build_areas(SEED, 0.02)


@cache
def organisations() -> list[OrganisationSeed]:
    return build_organisations(areas(), {area.code: label_point(area.geom) for area in areas()}, SEED)


@cache
def desk() -> Desk:
    ids = {area.code: number for number, area in enumerate(areas(), 1)}
    paths: dict[str, str] = {}
    for area in areas():
        paths[area.code] = f"{paths.get(area.parent_code or '', '')}{area.code}/"
    return load.desk(
        organisations(),
        ids,
        paths,
        {organisation.code: number for number, organisation in enumerate(organisations(), 1)},
    )


def cases_of(seed: int = SEED, now: datetime = NOW, scale: float = 1.0) -> list[CaseSeed]:
    grids = [area for area in areas() if area.level == "grid"]
    return generate(grids, desk(), seed=seed, now=now, scale=scale)


@pytest.fixture(scope="module")
def told() -> list[CaseSeed]:
    return cases_of()


def late(case: CaseSeed, now: datetime) -> bool:
    return case.row["due_at"] is not None and case.row["due_at"] < now


def test_as_many_as_the_prefecture_tells(told):
    kinds = Counter(case.row["kind"] for case in told)
    assert 20_000 < sum(kinds.values()) - kinds["request"] < 22_000
    assert 22_000 < kinds["request"] < 24_000
    assert NOW - min(case.row["reported_at"] for case in told) <= timedelta(days=732)
    assert max(event.at for case in told for event in case.events) <= NOW


@pytest.mark.parametrize("now", [NOW, NIGHT])
def test_at_any_hour_the_desk_has_its_queue(now):
    still = [case for case in cases_of(now=now) if case.row["status"] in OPEN]
    assert 210 < len(still) < 260
    assert 240 < sum(case.row["status"] in TO_FILE for case in cases_of(now=now)) < 290
    assert 55 < sum(case.row["status"] == Status.waiting for case in still) < 65
    assert 24 < sum(late(case, now) for case in still) < 36


def test_every_story_is_legal_by_the_table_of_moves(told):
    for case in told:
        status, holder = None, None
        assert case.events[0].act == "report"
        for event in case.events:
            move = MOVES[event.act]
            assert event.from_status == status and event.from_organisation_id == holder
            assert (status in move.sources) if status else event.act == "report"
            assert event.to_status == (move.target or status)
            assert bool(event.reason) == ("reason" in move.needs)
            if move.actor == Actor.holder:
                assert event.by_organisation_id == holder
            status, holder = event.to_status, event.to_organisation_id
        assert (case.row["status"], case.row["holder_id"], case.row["version"]) == (status, holder, len(case.events))
        assert all(one.at <= other.at for one, other in pairwise(case.events))


def test_a_case_is_only_given_to_a_body_that_may_take_it(told):
    by_id = dict(enumerate(organisations(), 1))
    for case in told[::7]:
        for event in case.events:
            if event.act in ("dispatch", "transfer"):
                organisation = by_id[event.to_organisation_id]
                assert case.row["category"] in organisation.duties
                assert case.row["path"].startswith(desk().paths[organisation.area_code])


def test_the_clock_of_each_case_is_that_of_the_rules(told):
    for case in told:
        row = case.row
        kind, severity, status = Kind(row["kind"]), Severity(row["severity"]), Status(row["status"])
        events = [event._asdict() | {"version": number} for number, event in enumerate(case.events, 1)]
        told = replay(events, kind=kind, severity=severity, sla=desk().sla)
        compared = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(told).items()}
        assert {name: value for name, value in compared.items() if name in row} == {
            name: row[name] for name in compared if name in row
        }
        due = due_at(
            status,
            kind=kind,
            severity=severity,
            queued_at=row["queued_at"],
            status_since=row["status_since"],
            settle_due_at=row["settle_due_at"],
            sla=desk().sla,
        )
        assert row["due_at"] == due
        settled = row["status"] in (Status.settled, Status.visited, Status.archived)
        assert (row["settled_at"] is not None) == settled


def test_handling_gets_faster_month_by_month(told):
    def mean_days(first: int, last: int) -> float:
        times = [
            (case.row["settled_at"] - case.row["reported_at"]) / timedelta(days=1)
            for case in told
            if case.row["settled_at"] and timedelta(days=first) <= NOW - case.row["reported_at"] < timedelta(days=last)
        ]
        return sum(times) / len(times)

    assert 5.5 < mean_days(670, 731) < 8 and 0.7 < mean_days(5, 60) < 1.5
    quarters = [mean_days(start, start + 91) for start in range(1, 729, 91)]
    assert quarters == sorted(quarters)


def test_figures_of_the_article_are_reached_at_the_end(told):
    recent = [case for case in told if case.row["settled_at"] and NOW - case.row["reported_at"] < timedelta(days=120)]
    acts = [{event.act for event in case.events} for case in recent]
    once = sum(not found & {"return", "transfer", "reopen"} for found in acts) / len(acts)
    assert 0.75 < once < 0.85
    first = [next((e for e in case.events if e.act == "record_mediation"), None) for case in recent]
    outcomes = Counter(event.details["outcome"] for event in first if event)
    assert outcomes["success"] / outcomes.total() > 0.96


def test_seasons_weeks_and_hours_show(told):
    def share(category: str, months: set[int]) -> float:
        found = [case.row["reported_at"].astimezone(ZONE).month for case in told if case.row["category"] == category]
        return sum(month in months for month in found) / len(found)

    assert share("landslide", {6, 7, 8, 9}) > 2 * share("landslide", {12, 1, 2, 3})
    assert share("forest_fire", {2, 3, 4}) > 2 * share("forest_fire", {7, 8, 9})
    hours = Counter(case.row["reported_at"].astimezone(ZONE).hour for case in told)
    assert hours[10] > 5 * hours[3]
    days = Counter(case.row["reported_at"].astimezone(ZONE).date() for case in told)
    festival = [days[datetime(year, 4, day).date()] for year in (2025, 2026) for day in range(13, 17)]
    assert sum(festival) / len(festival) > 1.2 * len(told) / 731


def test_a_few_places_have_much_more_than_their_share(told):
    places = [count for _, count in Counter(case.row["area_id"] for case in told).most_common()]
    grids = sum(area.level == "grid" for area in areas())
    assert sum(places[: grids // 20]) > 0.2 * len(told)


def test_each_lies_in_its_grid_and_is_numbered_by_day_and_county(told):
    outlines = {desk().area_ids[area.code]: area for area in areas() if area.level == "grid"}
    for case in told[::11]:
        row, grid = case.row, outlines[case.row["area_id"]]
        assert shapely.contains_xy(grid.geom, row["lon"], row["lat"])
        day = row["reported_at"].astimezone(ZONE).strftime("%Y%m%d")
        assert re.fullmatch(rf"{day}-{grid.code[:6]}-\d{{5}}", row["case_no"])
    assert len({case.row["case_no"] for case in told}) == len(told)


def test_texts_vary_and_are_about_nobody(told):
    assert set(MATTERS) == {category.code for category in CATEGORIES}
    assert len({case.row["title"] for case in told}) > 0.4 * len(told)
    for case in told:
        reasons = "".join(event.reason or "" for event in case.events)
        words = case.row["title"] + case.row["description"] + reasons
        assert not re.search(r"\d{6}|先生|女士|身份证号|电话[:：]", words), words


def test_the_same_seed_tells_the_same_stories():
    once, again = cases_of(scale=0.03), cases_of(scale=0.03)
    assert once == again
    assert once != cases_of(seed=SEED + 1, scale=0.03)


def test_bodies_stand_on_three_levels_with_a_post_in_every_centre():
    kinds = Counter(organisation.kind for organisation in organisations())
    above = sum(area.level != "grid" for area in areas())
    assert kinds == {"centre": above, "department": 85, "mediation": 21}
    depth = {area.code: area.depth for area in areas()}
    assert {depth[organisation.area_code] for organisation in organisations() if organisation.kind == "department"} == {
        0,
        1,
        2,
    }
    assert all(organisation.post for organisation in organisations() if organisation.kind == "centre")
    named = [organisation.name for organisation in organisations() if organisation.kind != "centre"]
    assert len(set(named)) == len(named)


def test_every_category_has_a_body_wherever_it_happens():
    for area in areas():
        if area.level == "village":
            assert all(desk().suitable(category.code, desk().paths[area.code])[0] for category in CATEGORIES)


def test_quarters_begin_at_local_midnight():
    starts = quarter_starts(NOW, 3)
    assert [start.strftime("%Y-%m-%d %z") for start in starts] == [
        "2025-10-01 +0800",
        "2026-01-01 +0800",
        "2026-04-01 +0800",
    ]
