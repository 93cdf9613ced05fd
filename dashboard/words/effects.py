"""What a remediation did, in words that nobody can take for more than was found."""

from __future__ import annotations

from typing import Any

from analysis.effects import Effect, Verdict
from analysis.refusals import TooLittle
from dashboard.words.texts import text


def effect_shape(told: Effect | TooLittle, locale: str) -> dict[str, Any]:
    """`effect`, or null with `effect_text`: why nothing can be said."""
    if isinstance(told, TooLittle):
        words = text(f"effect.too-little.{told.code}", locale, there=told.there, needed=told.needed)
        return {"effect": None, "effect_text": words}
    words = effect_words(told, locale)
    shape = {
        "verdict": told.verdict.value,
        "estimate": round(told.estimate, 1),
        "lo": round(told.lo, 1),
        "hi": round(told.hi, 1),
        "observed": told.observed,
        "expected": round(told.expected, 1),
        "n": told.n,
        "matched": told.matched,
        "p": round(told.p, 3),
        "doubts": [doubt.value for doubt in told.doubts],
        "before": [
            {"period": one.at, "estimate": round(one.estimate, 1), "lo": round(one.lo, 1), "hi": round(one.hi, 1)}
            for one in told.before
        ],
        "text": words,
    }
    return {"effect": shape, "effect_text": words}


def effect_words(told: Effect, locale: str) -> str:
    """The verdict with estimate and interval, and what makes it doubtful."""
    estimate, lo, hi = round(told.estimate), round(told.lo), round(told.hi)
    if told.verdict == Verdict.not_told_from_chance:
        values = {"estimate": _change(estimate, locale), "lo": _change(lo, locale), "hi": _change(hi, locale)}
        words = text("effect.not_told_from_chance", locale, **values)
    else:
        least, most = sorted((abs(lo), abs(hi)))
        words = text(f"effect.{told.verdict.value}", locale, n=abs(estimate), least=least, most=most)
    return " ".join([words, *(text(f"effect.doubt.{doubt.value}", locale) for doubt in told.doubts)])


def _change(number: int, locale: str) -> str:
    if number == 0:
        return text("effect.change.none", locale)
    return text("effect.change.fewer" if number < 0 else "effect.change.more", locale, n=abs(number))
