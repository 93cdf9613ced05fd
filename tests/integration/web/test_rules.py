"""The rule of the tiers by the API: versions, a new one, one that is tried; why a grid has its tier; a person's override."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest
from sqlalchemy import text

from data.commands.tier_publishing import evaluate_due
from data.commands.tier_rules import default_document
from data.commands.tiers import recompute_tiers
from tests.integration.web.conftest import Site
from tests.steps.api import waiting
from tests.world import NOW

GRID = "C1V1G1"
STORED = "SELECT t.tier, t.score FROM tier t JOIN area a ON a.id = t.area_id WHERE a.code = :code"


@pytest.fixture
def evaluated(site: Site) -> Site:
    with site.world.database.owning() as connection:
        recompute_tiers(connection, now=NOW - timedelta(days=100), announce=False)
        recompute_tiers(connection, now=NOW, announce=False)
    return site


def rule(**changes) -> dict:
    return deepcopy(default_document()) | changes


def why(client, code: str = GRID) -> dict:
    answer = client.get(f"/api/areas/{code}/why")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_first_version_is_the_default_and_a_change_is_a_new_one(evaluated: Site):
    admin = evaluated.client("admin")
    assert [
        (one["version"], one["reason"], one["author"], one["in_force"])
        for one in admin.get("/api/rules").json()["items"]
    ] == [(1, "default", "system", True)]
    first = admin.get("/api/rules/1").json()
    assert first["rule"] == default_document()
    changed = rule(thresholds={"key": 40, "watch": 20})
    answer = admin.post("/api/rules", json={"rule": changed, "reason": "研判会议定"})
    assert answer.status_code == 201 and answer.json()["version"] == 2
    versions = admin.get("/api/rules").json()["items"]
    assert [(one["version"], one["author"], one["reason"], one["in_force"]) for one in versions] == [
        (2, "admin", "研判会议定", True), (1, "system", "default", False)
    ]  # fmt: skip
    assert admin.get("/api/rules/2").json()["rule"] == changed and admin.get("/api/rules/1").json() == first
    assert why(evaluated.client("leader"))["rule_version"] == 2
    assert "username" not in admin.get("/api/rules").text and '"admin1"' not in admin.get("/api/rules").text


def test_a_rule_that_cannot_be_meant_is_refused_in_words_and_changes_nothing(evaluated: Site):
    admin = evaluated.client("admin")
    wrong = rule(thresholds={"key": 10, "watch": 20})
    wrong["factors"][0]["weight"] = "viel"
    answer = admin.post("/api/rules", json={"rule": wrong, "reason": "试"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert {one["field"]: one["code"] for one in answer.json()["errors"]} == {"factors.1.weight": "number"}
    assert all(one["detail"] for one in answer.json()["errors"])
    for said, reason in ((rule(), "同前"), (rule(hysteresis=1), " "), (rule(hysteresis=1), "联系 13800138000")):
        assert admin.post("/api/rules", json={"rule": said, "reason": reason}).status_code == 422
    assert [one["version"] for one in admin.get("/api/rules").json()["items"]] == [1]


@pytest.mark.parametrize(
    ("user", "see", "attempt", "publish"),
    [("leader", 200, 200, 403), ("dispatcher", 403, 403, 403), ("handler", 403, 403, 403), ("auditor", 200, 403, 403)],
)
def test_who_sees_tries_and_sets_a_rule(evaluated: Site, user: str, see: int, attempt: int, publish: int):
    client = evaluated.client(user)
    assert client.get("/api/rules").status_code == see
    assert client.post("/api/rules/preview", json={"rule": rule()}).status_code == attempt
    assert client.post("/api/rules", json={"rule": rule(hysteresis=1), "reason": "试"}).status_code == publish


def test_what_a_rule_would_make_is_what_it_then_makes(evaluated: Site):
    waiting(evaluated, evaluated.client("dispatcher"))
    admin, leader = evaluated.client("admin"), evaluated.client("leader")
    sharp = rule(thresholds={"key": 0.02, "watch": 0.01}, hysteresis=0)
    tried = leader.post("/api/rules/preview", json={"rule": sharp, "area": "C"}).json()
    assert (
        sum(one["now"] for one in tried["counts"].values()) == sum(one["then"] for one in tried["counts"].values()) == 8
    )
    assert tried["counts"]["key"]["then"] > tried["counts"]["key"]["now"] == 0
    assert {one["code"] for one in tried["moved"]} == {
        code for code, tier in zip(tried["tiers"]["code"], tried["tiers"]["tier"], strict=True) if tier != "n"
    }
    before = leader.get("/api/tiers?area=C&level=grid").json()["tier"]
    assert admin.post("/api/rules", json={"rule": sharp, "reason": "试行"}).status_code == 201
    after = leader.get("/api/tiers?area=C&level=grid").json()
    assert before != after["tier"] and dict(zip(after["code"], after["tier"], strict=True)) == dict(
        zip(tried["tiers"]["code"], tried["tiers"]["tier"], strict=True)
    )


def test_a_trial_tells_what_comes_what_goes_what_is_above_and_what_differs(evaluated: Site):
    leader = evaluated.client("leader")
    waiting(evaluated, evaluated.client("dispatcher"))
    shares = {"key_share": 0.1, "watch_share": 0.05, "raised_share": 0.3}
    sharp = rule(thresholds={"key": 0.02, "watch": 0.01}, hysteresis=0, upper=shares)
    tried = leader.post("/api/rules/preview", json={"rule": sharp, "area": "C"}).json()
    for one in tried["counts"].values():
        assert one["then"] - one["now"] == one["gained"] - one["lost"]
    assert tried["counts"]["key"]["gained"] == tried["moved_n"] == tried["counts"]["normal"]["lost"]
    uppers = dict(zip(tried["upper"]["code"], tried["upper"]["tier"], strict=True))
    assert uppers["C"] == "k" and set(uppers.values()) <= {"k", "w", "n", ""}
    assert tried["in_force"] == 1 and "重点阈值由50改为0.02" in tried["changes"]
    short = leader.post("/api/rules/preview", json={"rule": sharp, "area": "C", "columns": "tier"}).json()
    assert "code" not in short["tiers"] and "code" not in short["upper"]
    assert (short["tiers"]["tier"], short["upper"]["tier"]) == (tried["tiers"]["tier"], tried["upper"]["tier"])
    same = leader.post("/api/rules/preview", json={"rule": rule()}).json()
    assert same["changes"] == [] and same["moved_n"] == 0


def test_a_grid_that_a_person_holds_stays_in_its_tier_whatever_is_tried(evaluated: Site):
    leader = evaluated.client("leader")
    form = {"tier": "watch", "reason": "走访", "until": (NOW + timedelta(days=3)).isoformat()}
    assert leader.put(f"/api/areas/{GRID}/override", json=form).status_code == 204
    sharp = rule(thresholds={"key": 90, "watch": 80})
    tried = leader.post("/api/rules/preview", json={"rule": sharp, "area": GRID}).json()
    assert tried["tiers"]["tier"] == ["w"] and tried["moved"] == []


def test_crossed_thresholds_are_refused_in_words(evaluated: Site):
    answer = evaluated.client("leader").post("/api/rules/preview", json={"rule": rule(thresholds={"key": 1, "watch": 2})})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "thresholds", "code": "crossed", "detail": "重点阈值（1.0）应高于关注阈值（2.0）"}
    ]


def test_the_same_rule_written_otherwise_is_no_new_version(evaluated: Site):
    said = rule()
    for factor in said["factors"]:
        factor.setdefault("settled_share", 1)
        factor.setdefault("half_life_days", None)
    answer = evaluated.client("admin").post("/api/rules", json={"rule": said, "reason": "同前"})
    assert (answer.status_code, [one["code"] for one in answer.json()["errors"]]) == (422, ["as_before"])


def test_a_back_test_of_too_little_says_so(evaluated: Site):
    leader = evaluated.client("leader")
    found = leader.post("/api/rules/backtest", json={"rule": rule()})
    assert found.status_code == 200 and found.json()["together"] is None
    assert len(found.json()["quarters"]) == 8 and found.json()["text"] == ["网格过少（8个，至少20个），未作检验。"]
    assert leader.post("/api/rules/backtest", json={"rule": {}}).status_code == 422
    assert evaluated.client("auditor").post("/api/rules/backtest", json={"rule": rule()}).status_code == 403


def test_a_rule_is_tried_on_ones_own_area_alone(evaluated: Site):
    leader = evaluated.client("leader")
    assert leader.post("/api/rules/preview", json={"rule": rule(), "area": "NO"}).status_code == 404


def test_why_adds_up_from_the_cases_to_the_score(evaluated: Site):
    dispatcher, leader = evaluated.client("dispatcher"), evaluated.client("leader")
    numbers = [waiting(evaluated, dispatcher, GRID)["case_no"] for _ in range(3)]
    with evaluated.world.database.owning() as connection:
        recompute_tiers(connection, now=NOW)
    found = why(leader)
    assert found["score"] == pytest.approx(sum(one["contribution"] for one in found["factors"]), abs=1e-9)
    counted = [one for one in found["factors"] if one["items"]]
    assert counted and found["households"] > 0
    for one in counted:
        assert one["amount"] == pytest.approx(sum(item["share"] for item in one["items"]), abs=1e-9)
        rate = one["amount"] * one["per"] / max(found["exposures"][one["exposure"]], one["smallest_exposure"])
        assert one["contribution"] == pytest.approx(one["weight"] * rate / (rate + one["half_rate"]), abs=0.005)
        listed = leader.get(one["list"]).json()
        assert listed["total"] == len(one["items"]) and {case["case_no"] for case in listed["items"]} == set(numbers)
    assert found["history"][-1]["score"] == found["score"]
    assert [one["before"] for one in found["factors"]] == [0.0] * len(found["factors"])


def test_what_would_lower_a_tier_lowers_it(evaluated: Site):
    """As promised, by the engine itself: the cases named are settled, or the time passes."""
    dispatcher, leader, admin = (evaluated.client(user) for user in ("dispatcher", "leader", "admin"))
    for _ in range(3):
        waiting(evaluated, dispatcher, GRID)
    with evaluated.world.database.owning() as connection:
        recompute_tiers(connection, now=NOW)
    score = why(leader)["score"]
    sharp = rule(thresholds={"key": round(score - 0.5, 2), "watch": round(score / 2, 2)}, hysteresis=0)
    admin.post("/api/rules", json={"rule": sharp, "reason": "试行"})
    found = why(leader)
    assert found["tier"] == "key"
    settling = next(one for one in found["lower"] if "settle" in one)
    waiting_ = next(one for one in found["lower"] if "wait_days" in one)
    assert settling["text"] and waiting_["text"] and settling["tier"] != "key" and waiting_["wait_days"] > 0
    with evaluated.world.database.owning() as connection:
        recompute_tiers(connection, now=NOW + timedelta(days=waiting_["wait_days"]))
        then = connection.execute(text(STORED), {"code": GRID}).one()
        assert then == (waiting_["tier"], waiting_["score"])
        connection.rollback()
    with evaluated.world.database.owning() as connection:
        connection.execute(text("SELECT set_config('gridboard.bulk', 'on', true)"))
        connection.execute(
            text("UPDATE cases SET status = 'settled', settled_at = :now WHERE case_no = ANY(:numbers)"),
            {"now": NOW, "numbers": settling["cases"]},
        )
        recompute_tiers(connection, now=NOW)
    after = why(leader)
    assert (after["tier"], after["score"]) == (settling["tier"], settling["score"])


def test_a_person_holds_a_grid_in_a_tier_until_its_time_has_come(evaluated: Site):
    leader = evaluated.client("leader")
    until = NOW + timedelta(days=3)
    form = {"tier": "key", "reason": "近期走访反映集中", "until": until.isoformat()}
    assert leader.put(f"/api/areas/{GRID}/override", json=form).status_code == 204
    found = why(leader)
    assert (
        found["tier"] == "key"
        and found["override"]["reason"] == "近期走访反映集中"
        and found["override"]["computed"] == "normal"
    )
    assert found["history"][-1]["cause"] == "override"
    assert leader.get(f"/api/areas/{GRID}").json()["tier"] == "key"
    database = evaluated.world.database
    assert evaluate_due(database, now=NOW) == 0 and why(leader)["tier"] == "key"
    evaluate_due(database, now=until + timedelta(seconds=1))
    found = why(leader)
    assert (found["tier"], found["override"]) == ("normal", None)
    assert leader.put(f"/api/areas/{GRID}/override", json=form).status_code == 204
    assert leader.delete(f"/api/areas/{GRID}/override").status_code == 204
    assert why(leader)["tier"] == "normal" and leader.delete(f"/api/areas/{GRID}/override").status_code == 404


@pytest.mark.parametrize(
    ("code", "changes", "status"),
    [
        (GRID, {"until": (NOW - timedelta(days=1)).isoformat()}, 422),
        (GRID, {"until": (NOW + timedelta(days=900)).isoformat()}, 422),
        (GRID, {"until": "soon"}, 422),
        (GRID, {"tier": "red"}, 422),
        (GRID, {"reason": ""}, 422),
        ("C1", {}, 422),
        ("NO", {}, 404),
    ],
)
def test_an_override_that_cannot_be(quiet: Site, code: str, changes: dict, status: int):
    form = {"tier": "key", "reason": "走访", "until": (NOW + timedelta(days=3)).isoformat()} | changes
    assert quiet.client("leader").put(f"/api/areas/{code}/override", json=form).status_code == status
    assert quiet.client("dispatcher").put(f"/api/areas/{GRID}/override", json=form).status_code in (403, 422)


def test_the_scheduler_evaluates_what_was_touched_each_day_and_each_quarter(evaluated: Site):
    database = evaluated.world.database

    def causes() -> list[tuple[str, int]]:
        with database.owning() as connection:
            return [
                tuple(row)
                for row in connection.execute(text("SELECT cause, count(*) FROM tier_history GROUP BY 1 ORDER BY 1"))
            ]

    evaluate_due(database, now=NOW)
    first = causes()
    assert ("quarter", 8) in first
    evaluate_due(database, now=NOW)
    assert causes() == first
    waiting(evaluated, evaluated.client("dispatcher"), GRID)
    evaluate_due(database, now=NOW)
    assert ("event", 1) in causes() and why(evaluated.client("leader"))["score"] > 0
    evaluate_due(database, now=NOW + timedelta(days=1))
    assert ("day", 1) in [one for one in causes() if one not in first]
    evaluate_due(database, now=NOW + timedelta(days=100))
    assert ("quarter", 16) in causes()
