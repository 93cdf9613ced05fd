"""The rule as a document: what it says comes back, and each thing that is wrong with it is said at its place."""

from __future__ import annotations

from copy import deepcopy

import pytest

from data.commands.tier_rules import default_document
from rules.tier_rule import FAULTS, RuleFaults, document, parse


def faults(change) -> list[tuple[str, str]]:
    said = deepcopy(default_document())
    said = change(said) or said
    with pytest.raises(RuleFaults) as wrong:
        parse(said, categories=["fight"], place_categories=["school"], columns=["rents"])
    assert {one.code for one in wrong.value.faults} <= set(FAULTS)
    return [(one.field, one.code) for one in wrong.value.faults]


def test_what_a_rule_says_comes_back():
    rule = parse(default_document())
    assert parse(document(rule)) == rule and document(parse(document(rule))) == document(rule)


def test_a_rule_of_another_city():
    said = {
        "factors": [
            {
                "factor": "rubbish",
                "sources": [
                    {"from": "cases", "categories": ["fight"], "reported_by": ["resident"], "severities": ["grave"]}
                ],
                "weight": 60,
                "half_life_days": 30,
                "half_rate": 2,
                "exposure": "area",
            },
            {
                "factor": "rents",
                "sources": [{"from": "column", "column": "rents"}],
                "weight": 40,
                "half_rate": 3,
                "exposure": "none",
            },
        ],
        "thresholds": {"key": 70, "watch": 30},
        "hysteresis": 0,
        "upper": {"key_share": 0.2, "watch_share": 0.1, "raised_share": 0.5},
    }
    rule = parse(said, categories=["fight"], columns=["rents"])
    assert [one.factor for one in rule.factors] == ["rubbish", "rents"]
    assert rule.factor("rubbish").name("en") == "rubbish" and not rule.factor("rents").counts_people


def first(key, value):
    return lambda said: said["factors"][0].update({key: value})


def source(**keys):
    return lambda said: said["factors"][0].update({"sources": [keys]})


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        (lambda said: [1], "rule", "keys"),
        (lambda said: said.pop("thresholds") and None, "thresholds", "missing"),
        (lambda said: said.update(colour=1), "colour", "strange"),
        (lambda said: said.update(factors=[]), "factors", "count"),
        (lambda said: said.update(factors={}), "factors", "list"),
        (lambda said: said["thresholds"].update(key=20), "thresholds", "crossed"),
        (lambda said: said["thresholds"].update(key=101), "thresholds.key", "out_of_reach"),
        (lambda said: said.update(hysteresis=40), "hysteresis", "never_left"),
        (lambda said: said["upper"].update(key_share=2), "upper.key_share", "at_most"),
        (lambda said: said["factors"].append(deepcopy(said["factors"][0])), "factors.7.factor", "twice"),
        (first("weight", "much"), "factors.1.weight", "number"),
        (first("weight", float("nan")), "factors.1.weight", "number"),
        (first("weight", True), "factors.1.weight", "number"),
        (first("weight", -1), "factors.1.weight", "at_least"),
        (first("half_rate", 0), "factors.1.half_rate", "above"),
        (first("half_life_days", 0), "factors.1.half_life_days", "above"),
        (first("settled_share", 1.5), "factors.1.settled_share", "at_most"),
        (first("factor", "A b"), "factors.1.factor", "code"),
        (first("exposure", "cars"), "factors.1.exposure", "one_of"),
        (first("names", {"en": ""}), "factors.1.names", "names"),
        (first("sources", []), "factors.1.sources", "count"),
        (source(**{"from": "rumours"}), "factors.1.sources.1.from", "one_of"),
        (source(**{"from": "cases", "kinds": ["party"]}), "factors.1.sources.1.kinds", "unknown"),
        (source(**{"from": "cases", "categories": ["party"]}), "factors.1.sources.1.categories", "unknown"),
        (source(**{"from": "cases", "kinds": []}), "factors.1.sources.1.kinds", "list"),
        (source(**{"from": "cases", "three_classes": "yes"}), "factors.1.sources.1.three_classes", "flag"),
        (source(**{"from": "column"}), "factors.1.sources.1.column", "missing"),
        (source(**{"from": "column", "column": "cars"}), "factors.1.sources.1.column", "unknown"),
        (source(**{"from": "column", "column": " "}), "factors.1.sources.1.column", "word"),
        (source(**{"from": "places", "kinds": ["dispute"]}), "factors.1.sources.1.kinds", "strange"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(change, field, code):
    assert (field, code) in faults(change)


def test_all_that_is_wrong_is_said_at_once():
    def change(said):
        said["factors"][0]["weight"] = "much"
        said["factors"][1]["half_rate"] = -1
        said["hysteresis"] = None

    assert len(faults(change)) == 3
