"""How statements go to the server: with the commit, and prepared."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.database import SYSTEM, Database
from tests.world import World

KEEP = text(
    "INSERT INTO idempotency (prefecture, user_id, key, request_hash, created_at) VALUES ('C', 0, :key, :key, now())"
)


@pytest.fixture
def single(world: World) -> Iterator[Database]:
    """With one connection, which every transaction of a test has after another."""
    made = Database(world.database.owner_url, world.database.app_url, pool_size=1)
    yield made
    made.close()


def kept(world: World) -> list[str]:
    with world.database.owning() as connection:
        return list(connection.execute(text("SELECT key FROM idempotency ORDER BY key")).scalars())


def keep(database: Database, *keys: str, commits: bool = False, name: str | None = None, fails: bool = False) -> None:
    """All in one transaction, the last one with the options."""
    with database.writing(SYSTEM) as connection:
        for key in keys[:-1]:
            connection.execute(KEEP, {"key": key})
        connection.execute(KEEP.execution_options(commits=commits, prepared=name), {"key": keys[-1]})
        if fails:
            raise LookupError(keys)


@pytest.mark.parametrize("name", [None, "keep"])
def test_what_is_sent_with_the_commit_stays_whatever_comes_after_and_the_next_transaction_ends_by_itself(
    world: World, single: Database, name: str | None
):
    with pytest.raises(LookupError):
        keep(single, "a", commits=True, name=name, fails=True)
    keep(single, "b")
    with pytest.raises(LookupError):
        keep(single, "c", name=name, fails=True)
    keep(single, "d", name=name)
    assert kept(world) == ["a", "b", "d"]


@pytest.mark.parametrize("name", [None, "keep"])
def test_what_fails_with_the_commit_leaves_nothing_and_a_usable_connection(
    world: World, single: Database, name: str | None
):
    keep(single, "a", name=name)
    with pytest.raises(DBAPIError):
        keep(single, "b", "a", commits=True, name=name)
    keep(single, "c", commits=True, name=name)
    assert kept(world) == ["a", "c"]


def test_a_prepared_statement_takes_a_parameter_twice_and_a_sign_of_its_own(single: Database):
    asked = text("SELECT :name || '%(x)s%' || :name, CAST(:n AS int) % 4").execution_options(prepared="signs")
    with single.reading(SYSTEM) as connection:
        for n in (6, 7):
            assert connection.execute(asked, {"name": "a", "n": n}).one() == ("a%(x)s%a", n % 4)
