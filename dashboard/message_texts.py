"""What a message says, by its topic, in the language of the deployment. Never what people wrote."""

from __future__ import annotations

from typing import Any

from dashboard.texts import text, text_or

CLOCK_TOPICS = ("clock.reminder", "clock.passed", "clock.passed_twice")


def words(topic: str, facts: dict[str, Any], *, locale: str) -> tuple[str, str]:
    """Title and text. `facts` hold case_no, body, and of a move its status, of a clock its step."""
    case_no, body = str(facts.get("case_no", "")), str(facts.get("body", ""))
    if topic in CLOCK_TOPICS:
        step = text(f"step.{facts.get('step', 'settle')}", locale)
        title = text(f"message.{topic}", locale, step=step)
        return title, text("message.clock.text", locale, case_no=case_no, body=body, title=title)
    act = text_or(f"act.{topic.removeprefix('case.')}", locale, topic)
    status = text_or(f"status.{facts.get('status')}", locale, "")
    return text("message.case", locale, act=act), text(
        "message.case.text", locale, case_no=case_no, body=body, act=act, status=status
    )
