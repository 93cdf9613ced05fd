"""Metrics in words: the catalogue's entries, and values as they are read."""

from __future__ import annotations

from typing import Any

from babel.numbers import format_decimal, format_percent

from dashboard.words.texts import text, text_or
from rules.metrics import Form, Metric


def described(metric: Metric, locale: str) -> dict[str, Any]:
    """An entry of the catalogue: what is counted, of what, in which period."""
    counted = metric.form == Form.cases
    return {
        "name": metric.name,
        "title": text(metric.text_key, locale),
        "definition": text(f"measure.{metric.name}.definition", locale),
        "numerator": text(f"measure.{metric.name}.numerator", locale),
        "denominator": None if counted else text(f"measure.{metric.name}.denominator", locale),
        "basis": metric.basis.value,
        "period": text(f"measure.basis.{metric.basis}", locale),
        "form": metric.form.value,
        "minimum_n": metric.minimum_n,
    }


def value(form: str, number: float | None, locale: str) -> str:
    """A share in percent, a length in days, each to one place."""
    if number is None:
        return text_or("measure.none", locale, "–")
    if form == Form.share:
        return str(format_percent(number, format="0.0%", locale=locale))
    if form == Form.days:
        return text("measure.days", locale, n=format_decimal(number, format="0.0", locale=locale))
    return str(format_decimal(number, locale=locale))


def interval(form: str, lo: float | None, hi: float | None, locale: str) -> str:
    """Empty where there is too little for one."""
    if lo is None and hi is None:
        return ""
    ends = [value(form, end, locale) if end is not None else "…" for end in (lo, hi)]
    return text("measure.interval", locale, lo=ends[0], hi=ends[1])
