"""Transactions and single questions: whose eyes they have, what they leave behind, and connections that were lost."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.database import SYSTEM
from data.queries.summaries import world_stamp
from rules.errors import Problem
from tests.world import World

COUNT = text("SELECT count(*) AS n FROM area WHERE code LIKE :code")
BREAK = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'gridboard_app' AND pid <> pg_backend_pid()"


def test_a_question_has_the_eyes_of_who_asks_and_leaves_none_behind(world: World):
    database, viewers = world.database, world.viewers
    for name, seen in (("dispatcher.c1", 7), ("dispatcher.c2", 7), ("leader", 15)):
        assert database.look(viewers[name], COUNT, {"code": "C%"})["n"] == seen
        assert database.ask(COUNT, {"code": "C%"})["n"] == 0
        with database.reading(viewers[name]) as connection:
            assert connection.execute(COUNT, {"code": "C%"}).scalar() == seen
        assert database.ask(COUNT, {"code": "C%"})["n"] == 0


def test_a_lost_connection_is_replaced_and_nobody_hears_of_it(world: World):
    database = world.database
    for use in ("look", "ask", "reading", "writing"):
        assert world_stamp(database).seq >= 0
        with database.owning() as connection:
            assert connection.execute(text(BREAK)).scalar() > 0
        if use == "look":
            assert database.look(SYSTEM, COUNT, {"code": "C1"})["n"] == 1
        elif use == "ask":
            assert world_stamp(database).seq >= 0
        else:
            with getattr(database, use)(SYSTEM) as connection:
                assert connection.execute(COUNT, {"code": "C1"}).scalar() == 1


def renamed(world: World, then) -> None:
    """A change that must not stay, and what ends its transaction."""
    with world.database.writing(SYSTEM) as connection:
        connection.execute(text("UPDATE app_user SET locale = 'en'"))
        then(connection)


def unchanged(world: World) -> bool:
    with world.database.reading(SYSTEM) as connection:
        count = connection.execute(text("SELECT count(*) FROM app_user WHERE locale = 'en'")).scalar()
    return count == 0 and world.database.pool_status()["in_use"] == 0


def test_one_that_is_lost_in_the_middle_is_a_problem_and_does_nothing(world: World):
    def lose(connection) -> None:
        with world.database.owning() as other:
            other.execute(text(BREAK))
        connection.execute(COUNT, {"code": "C1"})

    with pytest.raises(Problem, match="unavailable"):
        renamed(world, lose)
    assert unchanged(world)


def test_what_fails_is_undone_and_its_connection_serves_the_next(world: World):
    def interrupt(connection) -> None:
        raise KeyboardInterrupt

    for _ in range(30):
        with pytest.raises(DBAPIError):
            renamed(world, lambda connection: connection.execute(text("SELECT 1 / 0")))
        with pytest.raises(KeyboardInterrupt):
            renamed(world, interrupt)
    assert unchanged(world)
