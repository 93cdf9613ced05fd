"""Predictions of tiers against what came: shares counted by hand, as many grids for each, and nothing from the future."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import backtest as module
from analysis.backtest import Backtest, backtest, marked_part
from analysis.refusals import TooLittle

GRIDS, QUARTERS = 300, 9
NAMES = {"rule", "in_force", "same_as_last", "last_count", "chance"}


def world(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Disputes, and the true mean of each grid and quarter, which drifts."""
    drift = np.cumsum(random.normal(0, 0.3, (GRIDS, QUARTERS)), axis=1)
    mean = random.gamma(0.7, 3, GRIDS)[:, None] * np.exp(drift)
    return random.poisson(mean), mean


def tried(disputes: np.ndarray, rule: np.ndarray, in_force: np.ndarray, many: int = 30) -> Backtest:
    return backtest(disputes, rule=rule, in_force=in_force, marked=np.full(disputes.shape[1], many))


def test_shares_are_those_that_one_counts_by_hand():
    disputes = np.array([[5, 1], [0, 4], [2, 3], [0, 2]])
    rule, in_force = np.array([[0, 9], [0, 8], [0, 1], [0, 0]]), np.array([[1, 0], [2, 3], [3, 4], [4, 9]])
    found = backtest(disputes, rule=rule, in_force=in_force, marked=[0, 2]).quarters[0]
    assert {name: one.share for name, one in found.shares.items()} == {
        "rule": 0.5, "in_force": 0.5, "same_as_last": 0.5, "last_count": 0.4, "chance": 0.5,
    }  # fmt: skip
    assert found.quarter == 1 and found.disputes == 10 and {one.grids for one in found.shares.values()} == {2}
    assert found.shares["rule"].per_grid == 0.25 and found.gains["last_count"].gain == pytest.approx(0.1)


def test_who_knows_the_truth_is_best_and_chance_is_worst():
    random = np.random.default_rng(6)
    disputes, mean = world(random)
    found = tried(disputes, rule=mean, in_force=random.normal(size=mean.shape))
    shares = {name: one.share for name, one in found.together.shares.items()}
    assert set(shares) == NAMES and shares["rule"] > shares["last_count"] > 2 * shares["chance"]
    assert shares["chance"] == pytest.approx(0.1) and shares["in_force"] < 0.2
    assert found.together.gains["last_count"].lo > 0
    assert [one.quarter for one in found.quarters] == list(range(1, QUARTERS)) and found.together.quarter is None
    assert sum(one.disputes for one in found.quarters) == found.together.disputes == disputes[:, 1:].sum()
    assert {one.grids for one in found.together.shares.values()} == {30 * 8}


def test_a_rule_of_lots_cannot_be_told_from_chance():
    random = np.random.default_rng(7)
    disputes, _ = world(random)
    lots = random.normal(size=(2, *disputes.shape))
    found = tried(disputes, rule=lots[0], in_force=lots[1])
    inside = [one.shares["chance"].lo <= one.shares["rule"].share <= one.shares["chance"].hi for one in found.quarters]
    assert sum(inside) >= 6 and found.together.gains["in_force"].lo < 0 < found.together.gains["in_force"].hi


def test_the_interval_holds_the_share_of_the_world_that_the_grids_are_from():
    random, held = np.random.default_rng(8), []
    share = None
    for many in (20_000, *([200] * 300)):
        level = random.gamma(2, 2, many)
        told = level * random.gamma(5, 0.2, many)
        disputes = random.poisson(level[:, None], (many, 2))
        # marked by a threshold, so that the share of the world does not depend on who is drawn
        score = np.column_stack([told, told])
        number = int((told > 6).sum())
        found = backtest(disputes, rule=score, in_force=score, marked=[number, number], draws=199).quarters[0]
        one = found.shares["rule"]
        if share is None:
            share = one.share
        held.append(one.lo <= share <= one.hi)
    assert 0.84 <= np.mean(held[1:]) <= 0.95


def test_what_comes_later_changes_no_mark():
    random = np.random.default_rng(9)
    disputes, mean = world(random)
    before = tried(disputes, rule=mean, in_force=mean)
    disputes[:, 5:], mean[:, 5:] = disputes[::-1, 5:], mean[::-1, 5:]
    after = tried(disputes, rule=mean, in_force=mean)
    for one, other in zip(before.quarters[:4], after.quarters[:4], strict=True):
        assert one.shares["rule"] == other.shares["rule"] and one.shares["last_count"] == other.shares["last_count"]


def test_a_rule_that_knows_its_own_quarter_is_seen_to_be_too_good():
    """A planted leak: scores from the counts of the quarter that they are to foretell."""
    disputes, _ = world(np.random.default_rng(10))
    found = tried(disputes, rule=disputes, in_force=disputes)
    best = [np.sort(disputes[:, at])[-30:].sum() / disputes[:, at].sum() for at in range(1, QUARTERS)]
    assert [one.shares["rule"].share for one in found.quarters] == pytest.approx(best)
    assert all(one.shares["last_count"].share < one.shares["rule"].share for one in found.quarters)


@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=30).flatmap(
        lambda s: st.tuples(st.just(s), st.integers(0, len(s)))
    )
)
def test_as_many_are_marked_as_were_asked_for(drawn: tuple[list[int], int]):
    scores, many = np.array(drawn[0], dtype=float), drawn[1]
    part = marked_part(scores, many)
    assert part.sum() == pytest.approx(many) and (part >= 0).all() and (part <= 1).all()
    assert all(part[a] >= part[b] for a in range(len(scores)) for b in range(len(scores)) if scores[a] >= scores[b])


def test_a_quarter_without_disputes_and_one_without_marks():
    found = backtest([[1, 0], [2, 0]], rule=np.ones((2, 2)), in_force=np.ones((2, 2)), marked=[1, 1]).quarters[0]
    assert found.disputes == 0 and {one.share for one in found.shares.values()} == {0}
    none = backtest([[1, 3], [2, 1]], rule=np.ones((2, 2)), in_force=np.ones((2, 2)), marked=[0, 0]).quarters[0]
    assert {(one.share, one.per_grid) for one in none.shares.values()} == {(0, 0)}


def test_of_very_many_grids_the_interval_is_the_same(monkeypatch):
    disputes, mean = world(np.random.default_rng(11))
    drawn = tried(disputes, rule=mean, in_force=mean).together.shares["rule"]
    monkeypatch.setattr(module, "MOST_DRAWN", 10)
    told = tried(disputes, rule=mean, in_force=mean).together.shares["rule"]
    assert (told.lo, told.hi) == pytest.approx((drawn.lo, drawn.hi), abs=0.02) and told.lo < told.share < told.hi


@pytest.mark.parametrize("wrong", [{"rule": np.ones((2, 3))}, {"marked": [1]}, {"marked": [1, 3]}, {"marked": [-1, 0]}])
def test_what_makes_no_sense_is_refused(wrong: dict):
    right = {"rule": np.ones((2, 2)), "in_force": np.ones((2, 2)), "marked": [1, 1]}
    with pytest.raises(ValueError):
        backtest(np.ones((2, 2)), **(right | wrong))


def test_one_quarter_foretells_nothing():
    with pytest.raises(TooLittle) as refused:
        backtest(np.ones((2, 1)), rule=np.ones((2, 1)), in_force=np.ones((2, 1)), marked=[1])
    assert refused.value.code == "periods"
