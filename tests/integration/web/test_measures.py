"""Measures: each equals a slow count by hand and the length of its lists, in all, per child area, body and month."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from urllib.parse import quote

import numpy as np
import pytest

from data.commands.cases import move_case
from data.commands.reports import CaseReport, report_case
from data.database import SYSTEM
from data.queries import areas, cases, measured, measures
from data.queries.cases import CaseFilter
from data.queries.measured import Asked
from rules.access import Role, Viewer
from rules.errors import Problem
from rules.facts import MoveRequest
from rules.metrics import COUNTS, MEASURES, Part
from rules.sla import SlaPolicy
from tests.integration.web.conftest import build_site, world_of_its_own
from tests.integration.web.hand_counts import SHARES, Tables
from tests.templates import DEMO_NOW
from tests.world import NOW

SINCE, UNTIL = NOW - timedelta(days=60), NOW - timedelta(days=1)
SAYS = {"method": "people", "people": ("all_parties", "mediator")}
RESULTS = ({"outcome": "success", "agreement": "oral"}, {"outcome": "failure"})


class Life:
    """Cases that go all the ways there are, over some months, each step at a time of its own."""

    def __init__(self, world) -> None:
        self.world, self.chance = world, random.Random(11)

    def live(self, cases: int) -> None:
        for _ in range(cases):
            self.one()

    def one(self) -> None:
        chance, world = self.chance, self.world
        self.at = NOW - timedelta(days=chance.uniform(2, 120))
        lon, lat = world.point_in(chance.choice(["C1V1G1", "C1V1G2", "C1V2G1", "C2V1G1"]))
        place = {"area": "C1"} if chance.random() < 0.1 else {"lon": lon, "lat": lat + chance.uniform(0, 0.004)}
        source = chance.choice(["grid_worker", "resident", "police_110", "court", "hotline_12345"])
        report = CaseReport(kind="dispute", category="neighbour", title="t", source=source, **place)
        self.case = report_case(world.database, viewer=world.viewers["dispatcher"], report=report, now=self.at)
        self.go("accept", 1) and self.go("assess", 1) and self.to_body()

    def to_body(self, depth: int = 0) -> None:
        body = self.chance.choice(["mediators-C", "justice-C1"])
        to = {"to": self.world.organisations[body]}
        # back to a body that returned it: it goes up by itself
        if not self.go("dispatch", 2, **to) or self.case["status"] != "dispatched":
            return
        if depth == 0 and self.chance.random() < 0.2:
            self.go("return", 3, reason="r") and self.to_body(depth + 1)
            return
        self.go("sign", 4) and self.go("start", 5) and self.handle(depth)

    def handle(self, depth: int) -> None:
        if self.chance.random() < 0.7:
            self.go("record_mediation", 60, **self.chance.choice(RESULTS), **SAYS)
            if self.chance.random() < 0.3:
                self.go("record_mediation", 60, **RESULTS[0], **SAYS)
        settled = self.chance.random() < 0.85 and self.go("settle", 700)
        if settled and depth == 0 and self.chance.random() < 0.15:
            self.go("reopen", 100, reason="r") and self.to_body(depth + 1)

    def go(self, move: str, hours: float, **given) -> bool:
        """Whether it went: nothing is done in the future, nor by a body that may not have the case."""
        self.at += timedelta(hours=self.chance.uniform(0, hours))
        if self.at >= NOW:
            return False
        request = MoveRequest(case_no=self.case["case_no"], move=move, version=self.case["version"], **given)
        try:
            self.case = move_case(self.world.database, request, viewer=SYSTEM, now=self.at)
        except Problem:
            return False
        return True


@pytest.fixture(scope="module")
def lived(cluster, built_world):
    for world in world_of_its_own.__wrapped__(cluster, built_world):
        Life(world).live(110)
        yield build_site(world)


def asked(client, name, area="C", by="", since: datetime = SINCE, until: datetime = UNTIL):
    more = f"&by={by}" if by else ""
    query = f"area={area}&from={quote(since.isoformat())}&to={quote(until.isoformat())}{more}"
    answer = client.get(f"/api/metrics/{name}?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def listed(client, query: str | None) -> set[str] | None:
    """The numbers of all cases of a list; as many as it says."""
    if query is None:
        return None
    found, cursor = set(), ""
    while cursor is not None:
        answer = client.get(f"{query}&limit=500" + (f"&cursor={cursor}" if cursor else ""))
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found |= {one["case_no"] for one in page["items"]}
        cursor = page["next_cursor"]
    assert len(found) == page["total"]
    return found


def check_share(client, found) -> None:
    """A number with its lists, down to each unit."""
    for one in (found, *(found.get("by") or ())):
        assert len(listed(client, one["list"]["numerator"])) == one["numerator"]
        assert len(listed(client, one["list"]["denominator"])) == one["denominator"] == one["n"]
        assert one["value"] == (pytest.approx(one["numerator"] / one["n"], abs=1e-6) if one["n"] else None)
        assert one["n"] == 0 or one["lo"] <= one["value"] <= one["hi"]
        assert one["ranked"] == (one["n"] >= found["minimum_n"])


@pytest.mark.parametrize("area", ["C", "C1", "C1V1"])
@pytest.mark.parametrize("name", SHARES)
def test_a_share_is_what_a_count_by_hand_finds_and_its_lists_hold(lived, name, area):
    client = lived.client("leader")
    path = {"C": "C/", "C1": "C/C1/", "C1V1": "C/C1/C1V1/"}[area]
    good, every = Tables(lived.world.database).counted(name, path, SINCE, UNTIL)
    found = asked(client, name, area)
    assert listed(client, found["list"]["numerator"]) == good
    assert listed(client, found["list"]["denominator"]) == every
    assert (found["numerator"], found["denominator"]) == (len(good), len(every))
    assert every and (good != every or area != "C"), "the world has both"


@pytest.mark.parametrize("by", ["area", "body", "month"])
@pytest.mark.parametrize("name", SHARES)
def test_each_unit_is_as_long_as_its_lists(lived, name, by):
    client = lived.client("leader")
    found = asked(client, name, by=by)
    check_share(client, found)
    assert found["by"]
    if by == "area" or MEASURES[name].basis not in ("signed", "dispatched"):
        assert sum(one["n"] for one in found["by"]) == found["n"]


def test_cases_that_hang_on_an_area_itself_are_a_unit_of_their_own(lived):
    client = lived.client("leader")
    found = asked(client, "self_discovered_share", "C1", by="area")
    assert [one["code"] for one in found["by"]] == ["C1V1", "C1V2", ""]
    check_share(client, found)
    assert sum(one["n"] for one in found["by"]) == found["n"]


def test_times_are_those_of_the_settled_cases(lived):
    client = lived.client("leader")
    days = Tables(lived.world.database).days("C/", SINCE, UNTIL)
    found = {name: asked(client, name) for name in MEASURES if name.startswith("handling_time")}
    assert found["handling_time_mean"]["value"] == pytest.approx(np.mean(days), abs=1e-5)
    assert found["handling_time_mean"]["numerator"] == pytest.approx(sum(days), abs=1e-4)
    assert found["handling_time_median"]["value"] == pytest.approx(np.median(days), abs=1e-5)
    assert found["handling_time_p90"]["value"] == pytest.approx(np.quantile(days, 0.9), abs=1e-5)
    for one in found.values():
        assert one["n"] == len(days) == len(listed(client, one["list"]["denominator"])) and one["list"]["numerator"] is None
        assert one["lo"] < one["value"] < one["hi"]


@pytest.mark.parametrize("name", COUNTS)
def test_a_count_is_as_long_as_its_list(lived, name):
    client = lived.client("leader")
    found = client.get(f"/api/metrics/{name}?area=C1").json()
    assert found["value"] == found["n"] == len(listed(client, found["list"]["numerator"]))
    assert client.get(f"/api/metrics/{name}?area=C1&from=2026-01-01").status_code == 422


def test_small_units_are_not_ranked_and_nothing_is_in_an_order_of_merit(lived):
    found = asked(lived.client("leader"), "one_time_settlement", by="body")["by"]
    assert [one["name"] for one in found] == sorted(one["name"] for one in found)
    for one in found:
        assert set(one) >= {"shrunk", "warning", "alarm", "target", "outside"}
        assert one["ranked"] or one["outside"] == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-03-11", "from"),
        ("from=2026-03-01&to=2026-03-01", "to"),
        ("from=2026-03-05&to=2026-02-01", "to"),
        ("from=2026-03-01&to=2026-04-01", "to"),
        ("from=1990-01-01", "from"),
        ("by=colour", "by"),
        ("from=yesterday", "from"),
    ],
)
def test_a_period_that_cannot_be_is_refused_in_words(lived, query, field):
    answer = lived.client("leader").get(f"/api/metrics/repeat_rate?area=C&{query}")
    assert answer.status_code == 422 and answer.json()["code"] == "invalid"
    assert field in str(answer.json())


def test_a_period_up_to_the_end_of_today_ends_now(lived):
    found = lived.client("leader").get("/api/metrics/repeat_rate?area=C&from=2026-03-01&to=2026-03-11").json()
    assert found["to"] == "2026-03-10T04:00:00Z"


def test_nobody_measures_what_he_may_not_see(lived):
    assert lived.client("leader").get("/api/metrics/no_such").status_code == 404
    assert lived.client("dispatcher.c2").get("/api/metrics/repeat_rate?area=C1").status_code == 404
    for user in ("admin", "auditor"):
        assert lived.client(user).get("/api/metrics").status_code == 403
        assert lived.client(user).get("/api/metrics/repeat_rate").status_code == 403


def test_a_handler_counts_its_own_cases(lived):
    client = lived.client("handler")
    found = asked(client, "one_time_settlement", "C1")
    check_share(client, found)
    assert 0 < found["n"] < asked(lived.client("leader"), "one_time_settlement", "C1")["n"]


def test_the_catalogue_says_what_each_is(lived):
    items = lived.client("leader").get("/api/metrics").json()["items"]
    assert [one["name"] for one in items] == [*COUNTS, *MEASURES]
    assert all(one["title"] and one["definition"] and one["numerator"] and one["period"] for one in items)
    assert all(one["denominator"] for one in items if one["name"] in MEASURES)


@pytest.mark.parametrize("missing", ["part", "metric_from", "metric_to"])
def test_a_list_of_a_measure_needs_part_and_period(lived, missing):
    asked_for = {"metric": "on_time_signing", "part": "numerator", "metric_from": "2026-01-01", "metric_to": "2026-02-01"}
    query = "&".join(f"{name}={value}" for name, value in asked_for.items() if name != missing)
    answer = lived.client("leader").get(f"/api/cases?area=C&{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert lived.client("leader").get("/api/cases?metric=no_such").status_code == 422


def test_the_page_shows_every_measure_with_its_definition_and_lists(lived):
    client = lived.client("leader")
    page = client.get("/measures?area=C&period=2026-01_2026-02&metric=return_rate")
    assert page.status_code == 200
    found = client.get("/api/metrics/return_rate?area=C&from=2026-01-01&to=2026-03-01").json()
    assert f'data-metric="return_rate" data-value="{found["value"]}" data-n="{found["n"]}"' in page.text
    assert all(f'data-metric="{name}"' in page.text for name in MEASURES)
    assert page.text.count("<details>") == len(MEASURES) and "<svg" in page.text
    assert client.get("/measures").status_code == 200 and client.get("/measures?area=C1V1G1").status_code == 200


@pytest.mark.parametrize("query", ["period=2027-01", "period=2026-02_2026-01", "period=2026-13", "period=x", "metric=open"])
def test_the_page_refuses_what_cannot_be(lived, query):
    assert lived.client("leader").get(f"/measures?area=C&{query}").status_code == 422


def test_on_the_demonstration_at_random_places(demo_database):
    tables, chance = Tables(demo_database), random.Random(5)
    since, until = DEMO_NOW - timedelta(days=45), DEMO_NOW - timedelta(days=2)
    viewer = Viewer(None, "system", Role.system, "", "", None, None, "", "zh_CN")
    with demo_database.reading(SYSTEM) as connection:
        paths = sorted({case["path"].rsplit("/", 2)[0] + "/" for case in tables.cases.values()})
        for name in SHARES:
            path = chance.choice(paths)
            code = path.rstrip("/").rsplit("/", 1)[-1]
            good, every = tables.counted(name, path, since, until)
            asked_for = Asked(name, code, since, until)
            found = measured.answer(connection, asked_for, viewer, now=DEMO_NOW, sla=SlaPolicy())
            assert (name, found["numerator"], found["n"]) == (name, len(good), len(every))
            period = measures.Period(since, until)
            late = measures.late_signings(connection, areas.key(connection, code), period, SlaPolicy())
            for part, numbers in ((Part.numerator, good), (Part.denominator, every)):
                bounds = {"metric_from": since, "metric_to": until, "late": late}
                wanted = CaseFilter(area=code, metric=name, part=part.value, **bounds)
                page = cases.page(connection, wanted, DEMO_NOW, viewer)
                assert page["total"] == len(numbers)
