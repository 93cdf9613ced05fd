"""Problems in the reader's language: the title of one, and what to do about it."""

from __future__ import annotations

import logging

from dashboard.words.texts import text, text_or
from rules.accounts import LEAST_LETTERS
from rules.errors import Problem

log = logging.getLogger(__name__)


def words_of(problem: Problem, locale: str) -> str:
    """The problem's sentence; its code where a sentence or one of its values is missing: an error stays that error."""
    try:
        values = dict(problem.values)
        if "condition" in values:
            values["condition"] = text(f"condition.{values['condition']}", locale)
        return text(problem.text_key, locale, **values)
    except KeyError:
        log.exception("no words for problem %s", problem.code)
        return problem.code


def fault_words(problem: Problem, locale: str) -> list[dict[str, str]]:
    """What is wrong with each field of a form."""
    return [
        {"field": fault.field, "code": fault.code, "detail": text(f"field.{fault.code}", locale, **fault.values)}
        for fault in problem.faults
    ]


def password_rule(locale: str) -> str:
    """What a new password has to be, told before it is chosen."""
    return text("password.rule", locale, least=LEAST_LETTERS)


def detail_of(problem: Problem, locale: str) -> str:
    """What a reader can do about it; the problem's sentence where nothing more is to be said."""
    return text_or(f"{problem.text_key}.detail", locale, words_of(problem, locale))
