"""What stands in a log: where and what kind of error, and none of the values that were at hand."""

from __future__ import annotations

import contextlib
import io
import logging

import psycopg2
import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from data import logs

WORDS = "王小明 13800138000 at No 3"


class UniqueViolation(psycopg2.IntegrityError):
    pgcode = "23505"


def raised() -> Exception:
    try:
        try:
            raise UniqueViolation(f"duplicate key value\nDETAIL: Key (title)=({WORDS}) already exists.")
        except psycopg2.Error as error:
            raise IntegrityError("INSERT INTO cases", {"title": WORDS}, error) from error
    except IntegrityError as error:
        return error


def deep() -> Exception:
    try:
        try:
            int(WORDS)
        except ValueError:
            raise KeyError(WORDS)  # noqa: B904 - what an oversight looks like
    except KeyError as error:
        return error


@pytest.fixture
def written(capsys):
    """What a configured logger has written on stderr so far."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    level = root.level
    logs.configure()
    yield lambda: capsys.readouterr().err
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("error", [raised(), deep()], ids=["of the database", "of a value"])
@pytest.mark.parametrize("logger", ["standard", "structlog"])
def test_a_traceback_names_kinds_and_places_but_no_values(written, error, logger):
    if logger == "standard":
        logging.getLogger("web.problems").error("unhandled error", exc_info=error)
    else:
        structlog.get_logger().error("scheduled job failed", exc_info=error)
    said = written()
    assert type(error).__name__ in said and "test_logs.py" in said
    assert "王小明" not in said and "13800138000" not in said
    assert ("23505" in said) == isinstance(error, IntegrityError)
    assert ("caused" in said) and ("ValueError" in said or "UniqueViolation" in said)


def test_a_stderr_that_was_there_for_a_while_and_closed_is_not_written_to(written):
    with contextlib.redirect_stderr(io.StringIO()) as for_a_while:
        logs.configure()
    for_a_while.close()
    logging.getLogger("web.problems").warning("after the stream was closed")
    said = written()
    assert said.endswith("after the stream was closed\n") and "Logging error" not in said


def test_a_line_of_structlog_is_one_line(written):
    structlog.get_logger().warning("message not delivered", route="sms\nERROR forged: line")
    assert len(written().strip().splitlines()) == 1


def test_a_message_that_repeats_is_written_a_few_times_and_then_counted():
    now = [0.0]
    stream, logger = io.StringIO(), logging.Logger("flood")
    handler = logging.StreamHandler(stream)
    handler.addFilter(logs.RepeatFilter(most=3, window_s=60, clock=lambda: now[0]))
    logger.addHandler(handler)

    def flood(number: int) -> None:
        logger.warning("no place for %s", number)

    for number in range(10_000):
        flood(number)
    logger.warning("something else")
    assert stream.getvalue().splitlines() == [*(f"no place for {number}" for number in range(3)), "something else"]
    now[0] = 61
    flood(1)
    flood(2)
    assert stream.getvalue().splitlines()[4:] == ["no place for 1 [and 9997 more since the last of these]", "no place for 2"]
