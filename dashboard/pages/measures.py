"""/measures: how an area does, with intervals; the same sheet on screen and on paper."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dashboard.loaders.measures import MeasuresPage
from dashboard.panels.funnel import funnel
from dashboard.templating import render
from dashboard.words.formats import count, day, moment
from dashboard.words.measures import described, interval, value
from dashboard.words.texts import text
from rules.metrics import MEASURES


def document(page: MeasuresPage) -> str:
    locale, zone = page.reader.locale, page.reader.zone
    first = page.all[0]
    since, until = (moment(first[name], locale, zone) for name in ("from", "to"))
    chosen = MEASURES[page.chosen]
    title = text(chosen.text_key, locale)
    return render(
        "measures.html", locale, office=page.office, area=page.name, synthetic=page.synthetic, title=title,
        period=text("brief.period", locale, since=since, until=until), asked=page.period, code=page.area, chosen=page.chosen,
        measures=[_row(one, page) | {"about": described(MEASURES[one["metric"]], locale)} for one in page.all],
        units=[_row({**one, "metric": page.chosen}, page) for one in page.units],
        months=[_row({**one, "metric": page.chosen}, page) for one in page.months],
        funnel=funnel(page.units, title) if page.units and "target" in page.units[0] else "",
        forecast=_forecast(page),
        map=f"/map?{urlencode({'area': page.area})}",
    )  # fmt: skip


def _row(one: dict[str, Any], page: MeasuresPage) -> dict[str, Any]:
    """A number in words, with what a program reads of it."""
    locale, form = page.reader.locale, MEASURES[one["metric"]].form
    child = one.get("code") in {code for code, _ in page.below}
    asked = {"period": page.period, "metric": page.chosen}
    shrunk = one.get("shrunk")
    return {
        "metric": one["metric"],
        "name": one.get("name") or text("measures.rest", locale),
        "link": f"/measures?{urlencode({'area': one['code'], **asked})}" if child else "",
        "choose": f"/measures?{urlencode({'area': page.area, 'period': page.period, 'metric': one['metric']})}",
        "value": value(form, one["value"], locale),
        "raw": "" if one["value"] is None else one["value"],
        "interval": interval(form, one["lo"], one["hi"], locale),
        "shrunk": value(form, shrunk["value"], locale) if shrunk else "",
        "n": count(one["n"], locale),
        "raw_n": one["n"],
        "ranked": one["ranked"],
        "lists": {part: (query or "").replace("/api/cases?", "/print/cases?", 1) for part, query in one["list"].items()},
    }


def _forecast(page: MeasuresPage) -> dict[str, Any]:
    """The days and a row for each area; or why there is none."""
    found, locale = page.forecast, page.reader.locale
    if not found["shown"]:
        return {"days": [], "rows": [], "why": text("measures.forecast.none", locale)}
    days = [day(one["day"], locale) for one in found["items"][0]["days"]] if found["items"] else []
    rows = [
        (one["name"], [(value("count", round(at["mean"], 1), locale), f"{at['lo']:.0f}–{at['hi']:.0f}") for at in one["days"]])
        for one in found["items"]
    ]
    skill = value("share", found["skill"], locale)
    return {"days": days, "rows": rows, "why": text("measures.forecast.skill", locale, skill=skill)}
