"""Texts that a deployment may say in its own words: what its city, not the software, gives names to."""

from __future__ import annotations

from rules.access import PERSONS
from rules.cases import SKILLS, Kind, Severity, Source, Stage
from rules.mediation import Attendee, Method

TIERS = ("key", "watch", "normal")
NAMED: dict[str, tuple[str, ...]] = {
    "tier": TIERS,
    "tier.mark": TIERS,
    "source": tuple(Source),
    "stage": tuple(str(int(stage)) for stage in Stage),
    "skill": SKILLS,
    "attendee": tuple(Attendee),
    "method": tuple(Method),
    "kind": tuple(Kind),
    "severity": tuple(Severity),
    "role": tuple(PERSONS),
}
KEYS = frozenset(f"{of}.{name}" for of, names in NAMED.items() for name in names)
#: A tier's mark stands inside an area.
MARK_LENGTH = 2
WORDS_LENGTH = 40


def fault_of(key: str, words: str) -> str:
    """What is wrong with own words, or nothing."""
    most = MARK_LENGTH if key.startswith("tier.mark.") else WORDS_LENGTH
    if key not in KEYS:
        return f"'{key}' is no text that a deployment names itself"
    if not 0 < len(words.strip()) <= most or "{" in words or "}" in words:
        return f"'{words[:60]}' as {key}: 1 to {most} letters, no braces"
    return ""
