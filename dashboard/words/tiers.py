"""Tiers in words: what would lower one, why one was evaluated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.words.texts import text, text_or

DAYS_A_WEEK = 7


def lowering_words(one: Mapping[str, Any], why: Mapping[str, Any], locale: str) -> str:
    """One of the smallest changes that would lower a tier."""
    tier = text(f"tier.{one['tier']}", locale)
    days = one.get("wait_days")
    if days is not None:
        weeks, odd = divmod(days, DAYS_A_WEEK)
        key = "why.lower.wait-days" if days < 2 * DAYS_A_WEEK else "why.lower.wait-weeks"
        return text(key, locale, days=days, weeks=weeks + (odd > 0), tier=tier)
    names = {factor["factor"]: factor["name"] for factor in why["factors"]}
    parts = [
        text("why.lower.part", locale, factor=names.get(factor, factor), n=n)
        for factor, n in sorted(one["settle"].items(), key=lambda entry: -entry[1])
    ]
    joined = text("list.joint", locale).join(parts)
    return text("why.lower.settle", locale, n=len(one["cases"]), parts=joined, tier=tier)


def reason_words(reason: str, locale: str) -> str:
    """Why a version of the rule was made: a person's words, or what the program did."""
    return text_or(f"rule.reason.{reason}", locale, reason)


def signed(change: float) -> str:
    """A change of a contribution, with a true minus."""
    return f"{change:+.2f}".replace("-", "\u2212")


def pushed_words(pushed: Mapping[str, Any] | None, locale: str) -> str:
    """What moved a score most."""
    return "" if pushed is None else text("why.pushed", locale, name=pushed["name"], change=signed(pushed["change"]))


def turn_words(row: Mapping[str, Any], locale: str) -> str:
    """Why a tier or the rule became another: from what to what, on what occasion, and what pushed most."""
    parts = []
    if row["from"] != row["tier"]:
        names = {"before": text(f"tier.{row['from']}", locale), "now": text(f"tier.{row['tier']}", locale)}
        parts.append(text("why.turn", locale, **names))
    if row["from_rule"] != row["rule_version"]:
        parts.append(text("why.turn.rule", locale, version=row["rule_version"]))
    else:
        parts.append(text(f"why.cause.{row['cause']}", locale))
    parts.append(pushed_words(row["pushed"], locale))
    return text("why.turn.joint", locale).join(filter(None, parts))


def in_hundredths(shares: Sequence[float]) -> list[float]:
    """Shares with two digits that add up to their sum with two digits: the largest remainders are rounded up."""
    exact = [share * 100 for share in shares]
    low = [int(one + 1e-9) for one in exact]
    # as the sum itself is written: half of a hundredth goes up or down with its digits, not to the even one
    short = round(round(sum(shares), 2) * 100) - sum(low)
    order = sorted(range(len(exact)), key=lambda at: (low[at] - exact[at], at))
    for at in order[:short]:
        low[at] += 1
    return [one / 100 for one in low]
