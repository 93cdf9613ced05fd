"""Texts of messages by topic, in the language of the deployment. Never what people wrote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from dashboard.words.brief import period, pieces
from dashboard.words.formats import deadline
from dashboard.words.texts import text, text_or
from data.queries.brief import Brief, Sentence

if TYPE_CHECKING:
    from settings import DeploymentSettings

TEST, ROUTE_PAUSED, BRIEF = "test", "route.paused", "brief.morning"
CLOCK_TOPICS = ("clock.reminder", "clock.passed", "clock.passed_twice")


def words(topic: str, facts: dict[str, Any], *, locale: str, zone: str) -> tuple[str, str]:
    """Title and text. `facts` hold case_no, body, kind, area, and of a move its status, of a clock its step and due_at;
    of a paused route its name and what refused it.
    """
    which = {name: str(facts.get(name) or "") for name in ("case_no", "body", "area")}
    which["kind"] = text_or(f"kind.{facts.get('kind')}", locale, "")
    if topic == TEST:
        return text("message.test", locale), text("message.test.text", locale)
    if topic == ROUTE_PAUSED:
        route, refusal = str(facts.get("route") or ""), text_or(f"refusal.{facts.get('refusal')}", locale, "")
        title = text("message.route.paused", locale, route=route)
        return title, text("message.route.paused.text", locale, route=route, refusal=refusal)
    if topic == BRIEF:
        return _brief(facts, locale, zone)
    if topic in CLOCK_TOPICS:
        step = text(f"step.{facts.get('step', 'settle')}", locale)
        title = text(f"message.{topic}", locale, step=step)
        due = facts.get("due_at")
        due_words = deadline(datetime.fromisoformat(due), locale, zone) if due else "—"
        return title, text("message.clock.text", locale, title=title, due=due_words, **which)
    act = text_or(f"act.{topic.removeprefix('case.')}", locale, topic)
    status = text_or(f"status.{facts.get('status')}", locale, "")
    return text("message.case", locale, act=act), text("message.case.text", locale, act=act, status=status, **which)


def _brief(facts: dict[str, Any], locale: str, zone: str) -> tuple[str, str]:
    """The period, then the sentences one below the other."""
    read = datetime.fromisoformat
    sentences = [Sentence(one["key"], one["numbers"], _moments(one["values"])) for one in facts.get("sentences") or ()]
    name = str(facts.get("name") or "")
    found = Brief("", name, read(facts["since"]), read(facts["until"]), sentences)
    lines = ["".join(words for words, _ in pieces(one, locale, zone)) for one in sentences]
    return text("message.brief", locale, area=name), "\n".join([period(found, locale, zone), *lines])


def _moments(values: dict[str, Any]) -> dict[str, Any]:
    return {name: datetime.fromisoformat(value) if name == "weekday" else value for name, value in values.items()}


def words_of(deployment: DeploymentSettings) -> Callable[[str, dict[str, Any]], tuple[str, str]]:
    """The words of a deployment, as the worker asks for them (data/outbox/messages.py)."""
    return partial(words, locale=deployment.locale, zone=deployment.timezone)
