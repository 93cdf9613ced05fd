"""Tiers in words: what would lower one, why one was evaluated."""

from __future__ import annotations

from collections.abc import Mapping
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
