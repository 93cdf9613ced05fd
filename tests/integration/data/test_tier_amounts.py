"""The amounts of the factors come from the database (data/sql/sum_tier_amounts.sql); one by one and in arrays they are the same."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import Connection, text

from analysis.tier_scores import TIERS
from data.commands.tier_rules import default_document, in_force
from data.commands.tiers import Cause, read_amounts, recompute_tiers
from data.database import Database
from data.queries import areas
from data.queries.tier_world import read_world
from rules.cases import Kind, Severity, Source
from rules.tier_rule import Exposure, FactorRule, FactorSource, Origin, TierRule, parse
from rules.tiers import Tier, amount_of, evaluate
from tests.conftest import DEMO_NOW

HAPPENED = """
SELECT c.area_id, c.kind, c.category, c.source, c.severity, k.three_class, c.reported_at, c.settled_at,
       CASE WHEN c.status IN ('rejected', 'merged') THEN c.closed_at END AS dropped_at
  FROM cases c JOIN category k ON k.code = c.category
"""
PLACES = "SELECT area_id, category FROM key_place"
FIGURES = "SELECT area_id, name, value FROM area_figure"
RULE = parse(default_document())


def some_source(chance: random.Random, categories: list[str], places: list[str]) -> FactorSource:
    def some(values):
        return tuple(chance.sample(sorted(values), chance.randint(0, min(3, len(values)))))

    origin = chance.choice(list(Origin))
    if origin == Origin.cases:
        return FactorSource(
            origin, some(Kind), some(categories), some(Source), some(Severity), three_classes=chance.random() < 0.2
        )
    if origin == Origin.places:
        return FactorSource(origin, categories=some(places))
    return FactorSource(origin, column="rents" if origin == Origin.column else "")


def some_rule(seed: int, categories: list[str], places: list[str]) -> TierRule:
    chance = random.Random(seed)
    factors = tuple(
        FactorRule(
            f"factor{number}",
            tuple(some_source(chance, categories, places) for _ in range(chance.randint(1, 3))),
            weight=chance.uniform(1, 40),
            half_rate=chance.uniform(0.5, 30),
            half_life_days=chance.choice([None, 7.0, 60.0, 365.0]),
            exposure=chance.choice(list(Exposure)),
            names={},
            settled_share=chance.choice([0.0, 0.5, 1.0]),
        )
        for number in range(chance.choice([2, 5, 9]))
    )
    return replace(RULE, factors=factors, key_from=20.0, watch_from=8.0, hysteresis=2.0)


def counts(source: FactorSource, case) -> bool:
    narrowed = {
        "kind": source.kinds,
        "category": source.categories,
        "source": source.reported_by,
        "severity": source.severities,
    }
    return (
        source.origin == Origin.cases
        and all(not values or getattr(case, name) in values for name, values in narrowed.items())
        and (case.three_class or not source.three_classes)
    )


def one_by_one(connection: Connection, rule: TierRule, now: datetime) -> dict[int, dict[str, float]]:
    """The amounts of each area, case after case, place after place."""
    cases = [
        case
        for case in connection.execute(text(HAPPENED))
        if case.reported_at <= now and not (case.dropped_at and case.dropped_at <= now)
    ]
    places, figures = connection.execute(text(PLACES)).all(), connection.execute(text(FIGURES)).all()
    found: dict[int, dict[str, float]] = {}
    for factor in rule.factors:
        happened: dict[int, list[tuple[float, bool]]] = {}
        for case in cases:
            if any(counts(source, case) for source in factor.sources):
                settled = case.settled_at is not None and case.settled_at <= now
                happened.setdefault(case.area_id, []).append(
                    ((now - case.reported_at).total_seconds() / 86400, settled)
                )
        for area, ages in happened.items():
            found.setdefault(area, {})[factor.factor] = amount_of(ages, factor)
        for place in places:
            if any(
                one.origin == Origin.places and (not one.categories or place.category in one.categories)
                for one in factor.sources
            ):
                amounts = found.setdefault(place.area_id, {})
                amounts[factor.factor] = amounts.get(factor.factor, 0) + 1
        wanted = {"caseload" if one.origin == Origin.caseload else one.column for one in factor.sources}
        for figure in figures:
            if figure.name in wanted:
                amounts = found.setdefault(figure.area_id, {})
                amounts[factor.factor] = amounts.get(factor.factor, 0) + figure.value
    return found


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("later", [timedelta(days=-100), timedelta(0), timedelta(days=45, hours=7)], ids=str)
def test_the_database_one_by_one_and_arrays_agree(demo_database: Database, seed: int, later: timedelta) -> None:
    now = DEMO_NOW + later
    with demo_database.owning() as connection:
        connection.execute(
            text("INSERT INTO area_figure SELECT id, 'rents', id % 9, path FROM area WHERE leaf AND id % 3 = 0")
        )
        categories = connection.execute(text("SELECT code FROM category")).scalars().all()
        places = connection.execute(text("SELECT code FROM place_category")).scalars().all()
        rule = RULE if seed == 0 else some_rule(seed, categories, places)
        grids = read_amounts(connection, rule, now=now)
        slow = one_by_one(connection, rule, now)
        root = areas.key(connection, connection.execute(text("SELECT code FROM area WHERE depth = 0")).scalar_one())
        world = read_world(connection, root)
        connection.rollback()
    stacked, before = world.amounts(rule, now), np.full(len(world.codes), -1, dtype=np.int8)
    found = world.scores(rule, now, before)
    assert [grid["code"] for grid in grids] == world.codes and len(grids) > 100
    for at, grid in enumerate(grids):
        for position, factor in enumerate(rule.factors):
            expected = slow.get(grid["id"], {}).get(factor.factor, 0.0)
            assert grid["amounts"][factor.factor] == pytest.approx(expected, abs=1e-6)
            assert stacked[at, position] == pytest.approx(expected, abs=1e-6)
        alone = evaluate(grid["amounts"], grid["exposures"], rule)
        assert found.score[at] == pytest.approx(alone.score, abs=0.011) and sum(
            alone.contributions.values()
        ) == pytest.approx(alone.score)
    assert seed != 0 or sum(map(len, slow.values())) > 100


def stored(connection: Connection):
    return connection.execute(
        text("SELECT t.*, a.code FROM tier t JOIN area a ON a.id = t.area_id ORDER BY area_id")
    ).all()


def test_what_is_stored_can_be_computed_again_from_what_is_stored(demo_database: Database) -> None:
    with demo_database.owning() as connection:
        rule = in_force(connection, now=DEMO_NOW)
        rows = stored(connection)
    assert len(rows) > 100 and {row.rule_version for row in rows} == {rule.version}
    for row in rows:
        again = evaluate(row.inputs, row.exposures, rule.rule, Tier(row.computed))
        assert (again.score, again.contributions) == (row.score, row.contributions)
        assert again.tier == row.tier == row.computed


def test_an_evaluation_that_changes_nothing_writes_nothing(demo_database: Database) -> None:
    def state(connection: Connection):
        return connection.execute(
            text(
                "SELECT (SELECT count(*) FROM tier_history), (SELECT max(xmin::text::bigint) FROM tier),"
                " (SELECT value #>> '{}' FROM deployment WHERE key = 'figures_revision')"
            )
        ).one()

    with demo_database.owning() as connection:
        recompute_tiers(connection, now=DEMO_NOW)
    with demo_database.owning() as connection:
        before = state(connection)
        assert recompute_tiers(connection, now=DEMO_NOW, cause=Cause.day) == 0
        assert state(connection) == before
        changed = recompute_tiers(connection, now=DEMO_NOW + timedelta(days=30), cause=Cause.day)
        rows = stored(connection)
    assert changed >= 0 and TIERS and len(rows) > 100


def test_a_quarter_is_kept_whole(demo_database: Database) -> None:
    with demo_database.owning() as connection:
        grids = connection.execute(text("SELECT count(*) FROM area WHERE leaf")).scalar_one()
        recompute_tiers(connection, now=DEMO_NOW, cause=Cause.quarter)
        kept = connection.execute(
            text("SELECT count(*) FROM tier_history WHERE cause = 'quarter' AND evaluated_at = :now"), {"now": DEMO_NOW}
        ).scalar_one()
    assert kept == grids
