"""What changed between two rules, and what a back-test tells, in words."""

from __future__ import annotations

from copy import deepcopy

import pytest

from dashboard.words.backtests import backtest_words
from dashboard.words.rule_changes import changes
from data.commands.tier_rules import default_document
from rules.tier_rule import parse


def rule(**at):
    said = deepcopy(default_document())
    for path, value in at.items():
        part, names = said, path.split("__")
        for name in names[:-1]:
            part = part[int(name) if name.isdigit() else name]
        part[int(names[-1]) if names[-1].isdigit() else names[-1]] = value
    return parse(said)


def test_the_same_rule_has_no_changes() -> None:
    assert changes(rule(), rule(), "zh_CN") == []


@pytest.mark.parametrize(
    ("after", "zh", "en"),
    [
        ({"factors__0__weight": 22.5}, "“治安状况”权重由20改为22.5", "Public order, weight: from 20 to 22.5"),
        ({"factors__0__half_life_days": None}, "“治安状况”半衰期（天）由60改为不衰减",
         "Public order, half-life (days): from 60 to none"),
        ({"thresholds__key": 40}, "重点阈值由50改为40", "Threshold for key: from 50 to 40".replace("T", "t", 1)),
        ({"factors__0__names": {"zh_CN": "治安", "en": "Order"}}, "因素“治安状况”更名为“治安”",
         "Factor renamed from Public order to Order"),
        ({"factors__0__sources": [{"from": "cases", "kinds": ["incident"], "categories": ["theft"]}]},
         "“治安状况”统计口径由案件（案（事）件）改为案件（案（事）件、盗窃）",
         "Public order, sources: from Cases (Incident) to Cases (Incident, Theft)"),
    ],
)  # fmt: skip
def test_each_change_is_a_sentence(after: dict, zh: str, en: str) -> None:
    assert changes(rule(), rule(**after), "zh_CN", {"theft": "盗窃"}) == [zh]
    assert changes(rule(), rule(**after), "en", {"theft": "Theft"}) == [en]


def test_factors_that_come_and_go_are_named() -> None:
    fewer = rule(factors=default_document()["factors"][:-1])
    assert changes(fewer, rule(), "zh_CN") == ["新增因素“涉三类案件警情”，权重10"]
    assert changes(rule(), fewer, "en") == ["Factor removed: Police calls of the three classes"]


def share(value: float) -> dict:
    return {"share": value, "lo": value - 0.05, "hi": value + 0.05, "grids": 80}


def found(**gains) -> dict:
    names = ("rule", "in_force", "same_as_last", "last_count", "chance")
    quarter = {"quarter": "2026-Q1", "disputes": 40, "before_first": False, **{name: share(0.4) for name in names}}
    empty = {"quarter": "2025-Q4", "disputes": 3, "before_first": True, **dict.fromkeys(names)}
    together = {"disputes": 40, "gains": gains, **{name: share(0.4) for name in names}}
    return {
        "quarters": [empty, quarter], "together": together, "grids": 400, "fewest_grids": 20, "fewest_disputes": 20,
        "undated": ["key_places"],
    }  # fmt: skip


def test_only_a_difference_beyond_its_interval_is_called_one() -> None:
    said = found(
        in_force={"gain": 0.05, "lo": 0.01, "hi": 0.09}, same_as_last={"gain": -0.05, "lo": -0.09, "hi": -0.01},
        last_count={"gain": 0.05, "lo": -0.01, "hi": 0.11},
    )  # fmt: skip
    words = backtest_words(said, rule(), "en")
    assert "5 points more than “The rule in force then” (1 to 9)" in words
    assert "5 points fewer than “Same as last quarter” (1 to 9)" in words
    assert "5 points against “Last quarter's counts”: no difference that can be told from chance (-1 to 11)" in words
    assert any("Left out" in one and "Q4 2025" in one for one in words) and any("Key locations" in one for one in words)
    assert not any("version 1" in one for one in words)
    first = backtest_words(said, rule(), "zh_CN")[0]
    assert first.startswith("2026年第1季度至2026年第1季度，矛盾纠纷共40件") and first.endswith("平均每季80个。")


def test_too_little_is_said_and_nothing_else() -> None:
    said = found() | {"together": None}
    assert backtest_words(said, rule(), "zh_CN") == [
        "案件过少，未作检验：每季度及其上一季度至少要有20件矛盾纠纷，季初有重点或关注网格，且上一季度初已有数据。"
    ]
    assert backtest_words(said | {"grids": 3}, rule(), "en") == ["Too few areas for a test: 3, of 20 needed."]
