"""The panel of why an area has its tier: bars that add up, shares that add up, doors only where something may be read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard import ids
from dashboard.panels import why, why_charts
from dashboard.view_models import TierWhy
from dashboard.words.texts import LOCALES
from dashboard.words.tiers import in_hundredths
from tests.steps.components import NOW, find, parts, reader, words


def factor(name: str, contribution: float, before: float | None = 0.0, **more: Any) -> dict[str, Any]:
    made = {"factor": name, "name": name.title(), "contribution": contribution, "before": before, "amount": 1.5, "rate": 3.0,
            "per": 1000, "exposure": "households", "half_life_days": 60, "people": False,
            "list": f"/api/cases?area=G&factor={name}", "items": []}  # fmt: skip
    return made | more


ITEMS = [
    {"case_no": "20260614-532801-00001", "share": 0.994, "open": True},
    {"case_no": "20260614-532801-00002", "share": 0.333, "open": False},
    {"case_no": None, "share": 0.173},
]
ROWS = [
    {"at": NOW - timedelta(days=90), "tier": "normal", "score": 2.0, "rule_version": 1, "cause": "quarter", "pushed": None},
    {"at": NOW - timedelta(days=60), "tier": "watch", "score": 8.0, "rule_version": 1, "cause": "event",
     "pushed": {"factor": "disputes", "name": "Disputes", "change": 6.0}},
    {"at": NOW - timedelta(days=50), "tier": "watch", "score": 8.1, "rule_version": 1, "cause": "day", "pushed": None},
    {"at": NOW - timedelta(days=40), "tier": "key", "score": 12.5, "rule_version": 2, "cause": "rule", "pushed": None},
]  # fmt: skip


def facts(**changes: Any) -> dict[str, Any]:
    factors = [
        factor("disputes", 10.25, 4.0, items=ITEMS),
        factor("people", 2.0, 2.0, people=True, list=None),
        factor("places", 0.25, 0.25, items=[{"place": "P1", "name": "车站", "lon": 100.5, "lat": 22.0, "share": 1.0}]),
    ]
    made = {
        "tier": "key", "score": 12.5, "since": NOW - timedelta(days=40), "evaluated_at": NOW, "rule_version": 2,
        "thresholds": {"key": 10.0, "watch": 6.0}, "households": 300, "factors": factors, "history": ROWS, "override": None,
        "lower": [{"tier": "watch", "score": 9.0, "settle": {"disputes": 1}, "cases": ["20260614-532801-00001"]}],
    }  # fmt: skip
    return made | changes


OPEN = [
    {"case_no": f"N{n}", "title": f"案{n}", "status": status, "stage": stage, "since": NOW - timedelta(days=9 - n), "due_at": None,
     "holder": {"id": 1, "name": "某所"}}
    for n, (status, stage) in enumerate([("handling", 4), ("waiting", 3), ("handling", 4)])
]  # fmt: skip
AROUND = {
    "open_cases": OPEN,
    "duties": [{"organisation": "某中心", "kind": "centre", "post": "值班岗", "level": "village"}],
    "comparable": [{"code": "H", "name": "乙", "tier": "watch", "score": 7.0, "open": 2, "households": 290}],
}


def drawn(locale: str = "zh_CN", *, holds: bool = True, around: dict | None = None, **changes: Any) -> list:
    return why.panel(TierWhy("G", "甲", True, facts(**changes), {**AROUND, **(around or {})}, holds), reader(locale))


@pytest.mark.parametrize("locale", LOCALES)
def test_bars_add_up_to_the_score_and_are_doors_where_there_is_a_list(locale: str) -> None:
    bars = [part for part in parts(drawn(locale)) if getattr(part, "data-factor", None)]
    assert sum(float(getattr(bar, "data-contribution")) for bar in bars) == pytest.approx(12.5)
    assert [type(bar).__name__ for bar in bars] == ["Button", "Div", "Button"]
    assert [getattr(part, "data-score") for part in parts(drawn(locale)) if getattr(part, "data-score", None)] == ["12.50"]


def test_the_figure_stands_where_the_bars_are() -> None:
    before, now, total = why_charts.waterfall(facts()).figure.data
    assert list(now.base) == [0, 10.25, 12.25] and sum(now.x) == pytest.approx(total.x[0])
    assert list(before.x) == [4.0, 2.0, 0.25, 6.25]


def test_shares_behind_a_bar_add_up_to_what_is_told() -> None:
    behind = next(part for part in parts(drawn()) if getattr(part, "data-items", None) == "disputes")
    shares = [float(words(part)) for part in find(behind, className="bar-value")]
    assert sum(shares[:-1]) == pytest.approx(shares[-1]) == pytest.approx(1.5)
    assert [getattr(part, "data-open-case") for part in parts(behind) if getattr(part, "data-open-case", None)] == [
        item["case_no"] for item in ITEMS[:2]
    ]
    assert [part for part in parts(drawn()) if getattr(part, "data-at", None) == "100.5 22.0"]
    assert not [part for part in parts(drawn()) if getattr(part, "data-items", None) == "people"]


@given(st.lists(st.floats(min_value=0, max_value=3), max_size=40))
@example([0.025])
@example([0.005, 0.01])
def test_rounded_shares_add_up_to_the_rounded_sum(shares: list[float]) -> None:
    rounded = in_hundredths(shares)
    assert round(sum(rounded), 2) == pytest.approx(round(sum(shares), 2), abs=0.0101 if not shares else 0.00501)
    assert all(abs(one - share) < 0.01 + 1e-6 for one, share in zip(rounded, shares, strict=True))


def test_what_would_lower_it_opens_its_cases() -> None:
    doors = [getattr(part, "data-filter-cases") for part in parts(drawn()) if getattr(part, "data-filter-cases", None)]
    assert doors == ["20260614-532801-00001"]


def test_history_says_where_tier_or_rule_became_another_and_by_what() -> None:
    turns = why_charts.turns_of(ROWS)
    assert [(turn["from"], turn["tier"]) for turn in turns] == [("normal", "watch"), ("watch", "key")]
    told = words(find(drawn(), className="why-turns"))
    assert "常态→关注" in told and "Disputes+6.00" in told and "启用第2版规则" in told


def test_an_override_is_said_and_only_who_may_set_one_is_offered_it() -> None:
    until = NOW + timedelta(days=3)
    held = {"tier": "key", "until": until, "reason": "走访反映集中", "by": "leader", "at": NOW, "computed": "watch"}
    said = words(drawn(override=held))
    assert "走访反映集中" in said and "按规则应为关注" in said and find(drawn(override=held), id="override-end")
    assert "走访反映集中" not in words(drawn(override={**held, "reason": None}))
    assert find(drawn(), id="override-open") and not find(drawn(), id="override-end")
    assert not find(drawn(holds=False), id="override-open")


def test_open_cases_stand_by_stage_the_longest_first_and_not_for_who_reads_none() -> None:
    doors = [getattr(part, "data-open-case") for part in find(drawn(), className="why-open")]
    assert doors == ["N1", "N0", "N2"]
    assert not find(drawn(around={"open_cases": None}), className="why-open")
    assert "没有未结案件" in words(drawn(around={"open_cases": []}))


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_known_is_said(locale: str) -> None:
    assert words(why.panel(TierWhy("G", "甲", True, None, AROUND), reader(locale)))
    assert words(drawn(locale, lower=[], history=ROWS[:1], around={"duties": [], "comparable": []}))
    nothing = {"distribution": {"key": 0, "watch": 0, "normal": 0}}
    assert words(why.panel(TierWhy("C", "乙", False, nothing), reader(locale)))


@pytest.mark.parametrize("locale", LOCALES)
def test_above_the_grids_counts_turns_and_pushes(locale: str) -> None:
    turn = {"code": "H", "name": "乙", "from": "normal", "to": "key", "score": 12.0, "at": NOW, "overridden": False,
            "pushed": {"factor": "disputes", "name": "Disputes", "change": 6.0}}  # fmt: skip
    pushed = [
        {"factor": "disputes", "name": "Disputes", "contribution": 9.0, "before": 3.0, "change": 6.0, "list": "/api/cases"},
        {"factor": "people", "name": "People", "contribution": 1.0, "before": 2.0, "change": -1.0, "list": None},
    ]
    turned = {"raised": 1, "lowered": 2, "items": [turn]}
    above = {"distribution": {"key": 1, "watch": 0, "normal": 3}, "worst": [], "turned": turned, "pushed": pushed}
    tree = why.panel(TierWhy("C", "乙", False, above), reader(locale))
    assert [getattr(part, "data-go-area") for part in parts(tree) if getattr(part, "data-go-area", None)] == ["H"]
    rows = [part for part in parts(tree) if getattr(part, "data-change", None)]
    assert [(type(row).__name__, getattr(row, "data-change")) for row in rows] == [("Button", "6.00"), ("Div", "-1.00")]
    assert "6.00" in words(tree) and not find(tree, id=ids.WHY_BARS)
