"""What a rule says and what changed between two of them, in words. `names`: what the deployment calls its categories, of
cases and of key places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dashboard.words.texts import text, text_or
from rules.tier_rule import FactorRule, FactorSource, Origin, TierRule

Names = Mapping[str, str]
#: Lists of a source, and the family of the texts that name their values.
FAMILIES = {"kinds": "kind", "categories": "", "reported_by": "source", "severities": "severity"}
OF_THE_RULE = {
    "thresholds.key": "key_from",
    "thresholds.watch": "watch_from",
    "hysteresis": "hysteresis",
    "upper.key_share": "upper_key_share",
    "upper.watch_share": "upper_watch_share",
    "upper.raised_share": "upper_raised_share",
}
OF_A_FACTOR = ("weight", "half_life_days", "half_rate", "settled_share", "exposure", "sources")


def changes(before: TierRule, after: TierRule, locale: str, names: Names | None = None) -> list[str]:
    """One sentence for each difference, factors first; none where both say the same."""
    old, new = ({one.factor: one for one in rule.factors} for rule in (before, after))
    found = [
        text("rule.change.added", locale, factor=one.name(locale), weight=f"{one.weight:g}")
        for code, one in new.items()
        if code not in old
    ]
    found += [text("rule.change.removed", locale, factor=old[code].name(locale)) for code in old if code not in new]
    for code in new:
        if code in old:
            found += _of_factor(old[code], new[code], locale, names or {})
    for field, attribute in OF_THE_RULE.items():
        was, now = getattr(before, attribute), getattr(after, attribute)
        if was != now:
            found.append(text("rule.change", locale, what=_label(field, locale), before=f"{was:g}", after=f"{now:g}"))
    return found


def _of_factor(old: FactorRule, new: FactorRule, locale: str, names: Names) -> Iterator[str]:
    factor = new.name(locale)
    if old.names != new.names:
        yield text("rule.change.named", locale, before=old.name(locale), after=factor)
    for field in OF_A_FACTOR:
        was, now = getattr(old, field), getattr(new, field)
        if was != now:
            words = {"before": _value(field, was, locale, names), "after": _value(field, now, locale, names)}
            yield text("rule.change.factor", locale, factor=factor, what=_label(f"factor.{field}", locale), **words)


def _label(field: str, locale: str) -> str:
    words = text(f"rule.field.{field}", locale)
    return words[:1].lower() + words[1:]


def _value(field: str, value: Any, locale: str, names: Names) -> str:
    if field == "sources":
        return text("list.joint", locale).join(source_words(one, locale, names) for one in value)
    if field == "exposure":
        return text(f"rule.exposure.{value}", locale)
    return text("rule.never_fades", locale) if value is None else f"{value:g}"


def source_words(source: FactorSource, locale: str, names: Names) -> str:
    """What a source counts: its kind, and what narrows it."""
    if source.origin == Origin.column:
        return text("rule.source.column.named", locale, column=source.column)
    narrowed = [text("rule.source.three_classes", locale)] if source.three_classes else []
    for key, family in FAMILIES.items():
        narrowed += _named(family, getattr(source, key), locale, names)
    words = text(f"rule.source.{source.origin}", locale)
    return (
        text("rule.source.of", locale, source=words, what=text("list.joint", locale).join(narrowed))
        if narrowed
        else words
    )


def _named(family: str, codes: Sequence[str], locale: str, names: Names) -> list[str]:
    return [text_or(f"{family}.{code}", locale, code) if family else names.get(code, code) for code in codes]
