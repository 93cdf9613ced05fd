"""What changed since yesterday at 08:00: the trace telescopes, days come from the roll-ups, tiers from their history."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from data.queries import changes, summaries
from data.queries.areas import key
from data.queries.case_filter import CaseFilter
from data.queries.cases import page
from tests.steps.commands import settled, waiting
from tests.world import NOW, World


def read(world: World, area: str, now=NOW) -> dict:
    with world.database.reading(world.viewers["leader"]) as connection:
        return changes.changes(connection, key(connection, area), now)


def counts(world: World, area: str) -> dict:
    with world.database.reading(world.viewers["leader"]) as connection:
        return summaries.summary(connection, key(connection, area), NOW, world.viewers["leader"])


@pytest.mark.parametrize("area", ["C", "C1", "C1V1"])
def test_counts_of_then_are_those_of_now_without_what_came(world: World, area: str):
    assert not any(read(world, area)["brought"].values())
    waiting(world)
    settled(world)
    found, now = read(world, area), counts(world, area)
    assert {name: now[name] - by for name, by in found["brought"].items()} == dict.fromkeys(found["brought"], 0)
    assert (found["new"], found["settled"], found["overdue"]) == (2, 1, 0)


def test_what_came_before_yesterday_is_no_change(world: World):
    waiting(world)
    found = read(world, "C", NOW + timedelta(days=3))
    assert not any(found["brought"].values())
    assert found["new"] == found["settled"] == 0


def test_every_door_opens_as_many_as_it_says(world: World):
    waiting(world)
    later = NOW + timedelta(hours=20)
    found = read(world, "C", later)
    viewer = world.viewers["leader"]
    lists = {
        "new": CaseFilter("C", reported_from=found["since"]),
        "settled": CaseFilter("C", settled_from=found["since"]),
        "overdue": CaseFilter("C", status="overdue", due_from=found["since"]),
    }
    assert found["overdue"] == 1
    with world.database.reading(viewer) as connection:
        for name, wanted in lists.items():
            assert page(connection, wanted, later, viewer)["total"] == found[name], name


def test_the_usual_range_is_of_the_same_weekday_without_its_extremes(world: World):
    yesterday = changes.since(NOW, _key(world)).date()
    with world.database.owning() as connection:
        area = key(connection, "C")
        rows = [(7 * week, n) for week, n in enumerate((90, 5, 6, 7, 8, 9, 10, 0), 1)] + [(0, 12), (3, 500)]
        for days, number in rows:
            connection.execute(
                text("INSERT INTO area_day (prefecture, area_id, path, day, reported, settled) VALUES (:p, :a, :path, :d, :n, 0)"),
                {"p": area.prefecture, "a": area.id, "path": area.path, "d": yesterday - timedelta(days=days), "n": number},
            )
    found = read(world, "C")
    assert found["reported_day"] == 12
    assert found["usual"] == (5, 10)


def test_too_few_weeks_say_nothing_of_what_is_usual(world: World):
    waiting(world)
    assert read(world, "C")["usual"] is None


def test_an_area_whose_tier_is_another_is_named_with_both(world: World):
    with world.database.owning() as connection:
        area = key(connection, "C1V1G1")
        row = {"a": area.id, "path": area.path, "now": NOW, "old": NOW - timedelta(days=40)}
        history = (
            "INSERT INTO tier_history (area_id, path, tier, score, rule_version, inputs, contributions, evaluated_at) "
            "VALUES (:a, :path, 'normal', 0, 1, '{}', '{}', :old)"
        )
        connection.execute(text("DELETE FROM tier_history WHERE area_id = :a"), row)
        connection.execute(text("DELETE FROM tier WHERE area_id = :a"), row)
        connection.execute(text(history), row)
        connection.execute(
            text(
                "INSERT INTO tier (area_id, path, tier, computed, score, rule_version, inputs, contributions, since, evaluated_at) "
                "VALUES (:a, :path, 'key', 'key', 9, 1, '{}', '{}', :now, :now)"
            ),
            row,
        )
        connection.execute(
            text(
                "INSERT INTO tier_change (seq, area_id, path, code, tier, score, at) "
                "VALUES (0, :a, :path, 'C1V1G1', 'key', 9, :now)"
            ),
            row,
        )
    (moved,) = read(world, "C")["moved"]
    assert (moved[0], *moved[2:]) == ("C1V1G1", "normal", "key")
    assert read(world, "C2")["moved"] == []


def _key(world: World):
    with world.database.owning() as connection:
        return key(connection, "C")
