"""What a back-test tells, in sentences that do not let chance pass for success."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel.numbers import format_decimal

from dashboard.words.formats import count
from dashboard.words.texts import text
from rules.tier_rule import TierRule

PREDICTIONS = ("rule", "in_force", "same_as_last", "last_count", "chance")


def backtest_words(found: Mapping[str, Any], rule: TierRule, locale: str) -> list[str]:
    """The sentences, the result first."""
    if found["together"] is None:
        return [_too_few(found, locale)]
    together, computed = found["together"], [one for one in found["quarters"] if one["rule"]]
    lines = [_what(together, computed, locale)]
    lines += [_share(name, together[name], locale) for name in PREDICTIONS]
    lines += [_gain(name, one, locale) for name, one in together["gains"].items()]
    return [*lines, *_notes(found, rule, locale)]


def quarter_name(quarter: str, locale: str) -> str:
    year, number = quarter.split("-Q")
    return text("backtest.quarter", locale, year=year, quarter=number)


def _too_few(found: Mapping[str, Any], locale: str) -> str:
    if found["grids"] < found["fewest_grids"]:
        return text("backtest.too_few_grids", locale, there=found["grids"], needed=found["fewest_grids"])
    return text("backtest.too_few", locale, disputes=found["fewest_disputes"])


def _what(together: Mapping[str, Any], computed: list, locale: str) -> str:
    grids = count(round(together["rule"]["grids"] / len(computed)), locale)
    ends = {"from": quarter_name(computed[0]["quarter"], locale), "to": quarter_name(computed[-1]["quarter"], locale)}
    return text("backtest.what", locale, n=count(together["disputes"], locale), grids=grids, **ends)


def _share(name: str, one: Mapping[str, float], locale: str) -> str:
    figures = {key: f"{_points(one[key], locale)}%" for key in ("share", "lo", "hi")}
    return text("backtest.share", locale, name=text(f"backtest.{name}", locale), **figures)


def _gain(name: str, one: Mapping[str, float], locale: str) -> str:
    """Only a difference beyond its interval is called one."""
    lo, hi, gain = one["lo"], one["hi"], one["gain"]
    key = "better" if lo > 0 else "worse" if hi < 0 else "alike"
    if key == "worse":
        lo, hi, gain = -hi, -lo, -gain
    figures = {"gain": _points(gain, locale), "lo": _points(lo, locale), "hi": _points(hi, locale)}
    return text(f"backtest.{key}", locale, name=text(f"backtest.{name}", locale), **figures)


def _points(share: float, locale: str) -> str:
    return str(format_decimal(round(share * 100, 1), locale=locale))


def _notes(found: Mapping[str, Any], rule: TierRule, locale: str) -> list[str]:
    joint, lines = text("list.joint", locale), []
    empty = [quarter_name(one["quarter"], locale) for one in found["quarters"] if one["rule"] is None]
    if empty:
        lines.append(text("backtest.left_out", locale, quarters=joint.join(empty)))
    if found["undated"]:
        names = joint.join(rule.factor(one).name(locale) for one in found["undated"])
        lines.append(text("backtest.undated", locale, factors=names))
    if any(one["before_first"] for one in found["quarters"] if one["rule"]):
        lines.append(text("backtest.before_first", locale))
    return lines
