"""The morning brief: numbers as counted by hand and as long as their lists, what is unusual first; on paper; by the outbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import text

from dashboard.words.messages import words
from data.commands import brief_settings
from rules.sla import SlaPolicy
from tests.integration.web.conftest import Site
from tests.integration.web.hand_counts import INSERT
from tests.world import NOW


def plant(site: Site, *, today: int, days: int = 90) -> None:
    """Two disputes a day over some weeks, half of them settled at once; and so many in the last 24 hours."""
    rows = []
    for back in range(1, days):
        for n in range(2):
            rows.append((NOW - timedelta(days=back, hours=5 + n), "neighbour", "minor", n == 0))
    for n in range(today):
        rows.append((NOW - timedelta(hours=2, minutes=n), "neighbour", "grave" if n == 0 else "minor", n % 2 == 1))
    with site.world.database.owning() as connection:
        connection.execute(text("SELECT set_config('gridboard.bulk', 'on', true)"))
        for place, (at, category, severity, settled) in enumerate(rows):
            values = {"no": f"B-{place:05}", "at": at, "category": category, "severity": severity, "settled": settled}
            connection.execute(text(INSERT), {**values, "area": "C1V1G1" if place % 2 else "C2V1G1"})
        connection.execute(text("SELECT rebuild_rollups('C')"))


def told(client, query: str = "area=C") -> dict:
    answer = client.get(f"/api/brief?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def check(client, found: dict) -> None:
    assert 0 < len(found["sentences"]) <= 8
    for sentence in found["sentences"]:
        for number in sentence["numbers"]:
            assert client.get(number["list"]).json()["total"] == number["value"]
            assert f"{number['value']:,}" in sentence["text"]
    marks = [sentence["unusual"] for sentence in found["sentences"]]
    assert marks == sorted(marks, reverse=True), "what is unusual is first"


def by_hand(site: Site, column: str, since: datetime, until: datetime, area: str = "C/") -> int:
    with site.world.database.owning() as connection:
        rows = connection.execute(text(f"SELECT path, {column} AS at FROM cases WHERE {column} IS NOT NULL")).all()
    return sum(row.path.startswith(area) and since <= row.at < until for row in rows)


def test_an_unusual_day_is_told_first_with_numbers_as_counted_by_hand(site):
    plant(site, today=14)
    client = site.client("leader")
    found = told(client)
    check(client, found)
    first = found["sentences"][0]
    assert first["unusual"] and "14" in first["text"]
    since = NOW - timedelta(days=1)
    values = {number["list"].split("?")[1]: number["value"] for one in found["sentences"] for number in one["numbers"]}
    bounds = f"from={quote(since.isoformat(), safe='')}", f"to={quote(NOW.isoformat(), safe='')}"
    reported = f"area=C&reported_{bounds[0]}&reported_{bounds[1]}"
    settled = f"area=C&settled_{bounds[0]}&settled_{bounds[1]}"
    assert values[reported] == by_hand(site, "reported_at", since, NOW) == 14
    assert values[settled] == by_hand(site, "settled_at", since, NOW)
    assert any("重大案件1件" in one["text"] for one in found["sentences"])
    assert found == told(client), "said alike each time"


def test_an_ordinary_day_is_usual_and_another_may_be_asked_for(site):
    plant(site, today=2)
    client = site.client("leader")
    at = NOW - timedelta(days=3)
    found = told(client, f"area=C1&at={quote(at.isoformat())}")
    check(client, found)
    assert not any(one["unusual"] for one in found["sentences"])
    assert found["at"] == at.isoformat().replace("+00:00", "Z")
    assert all("status=open" not in number["list"] for one in found["sentences"] for number in one["numbers"])


def test_with_few_days_known_nothing_is_called_usual(site):
    plant(site, today=5, days=10)
    texts = [one["text"] for one in told(site.client("leader"))["sentences"]]
    assert "共上报案件5件。" in texts


def test_an_area_without_a_case_has_a_brief(site):
    found = told(site.client("leader"), "area=C2V2")
    check(site.client("leader"), found)
    assert {number["value"] for one in found["sentences"] for number in one["numbers"]} == {0}


def test_in_english_it_stands_alone(site):
    plant(site, today=14)
    with site.world.database.owning() as connection:
        connection.execute(text("UPDATE app_user SET locale = 'en'"))
    found = told(site.client("leader"))
    assert found["sentences"][0]["text"].isascii()
    assert any("more than usual for a" in one["text"] for one in found["sentences"])


@pytest.mark.parametrize("path", ["/api/brief", "/api/brief.pdf", "/brief"])
def test_the_future_is_refused_and_who_reads_no_case_gets_none(site, path):
    later = quote((NOW + timedelta(hours=1)).isoformat())
    assert site.client("leader").get(f"{path}?area=C&at={later}").status_code == 422
    assert site.client("dispatcher.c2").get(f"{path}?area=C1").status_code == 404
    assert site.client("auditor").get(path).status_code == 403


def test_the_page_has_every_number_as_a_door(site):
    plant(site, today=14)
    client = site.client("leader")
    page = client.get("/brief?area=C")
    assert page.status_code == 200 and 'data-value="14"' in page.text and "/print/cases?area=C&amp;reported_from=" in page.text
    paper = client.get("/api/brief.pdf?area=C")
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")


def test_the_time_is_a_person_s_own(site):
    leader, other = site.client("leader"), site.client("dispatcher")
    assert leader.get("/api/brief/setting").json() == {"time": None}
    assert leader.put("/api/brief/setting", json={"time": "07:30"}).json() == {"time": "07:30"}
    assert (leader.get("/api/brief/setting").json(), other.get("/api/brief/setting").json()) == ({"time": "07:30"}, {"time": None})
    assert leader.put("/api/brief/setting", json={"time": "24:00"}).status_code == 422
    assert leader.put("/api/brief/setting", json={"time": None}).json() == {"time": None}


def test_it_is_sent_once_a_day_at_its_time_to_the_desk_of_the_organisation(site):
    plant(site, today=14)
    site.client("leader").put("/api/brief/setting", json={"time": "13:00"})
    database = site.world.database

    def send(at: datetime) -> int:
        return brief_settings.send_due(database, now=at, sla=SlaPolicy())

    eight, one, later = (datetime(2026, 3, 10, hour, 1, tzinfo=UTC) for hour in (0, 5, 7))
    assert [send(at) for at in (eight, one, one, later, eight + timedelta(days=1), one + timedelta(days=1))] == [0, 1, 0, 0, 0, 1]
    with database.owning() as connection:
        row = connection.execute(text("SELECT * FROM outbox WHERE topic = 'brief.morning' ORDER BY id")).mappings().first()
    assert (row["organisation_id"], row["case_no"]) == (site.world.organisations["centre-C"], "")
    title, said = words(row["topic"], {**row["payload"], "case_no": ""}, locale="zh_CN", zone="Asia/Shanghai")
    assert title == "值班要情：C" and "2026年3月9日 13:00至2026年3月10日 13:00" in said and "14件" in said


def test_who_is_gone_or_has_no_desk_gets_none(site):
    with site.world.database.owning() as connection:
        connection.execute(text("UPDATE app_user SET organisation_id = NULL WHERE username = 'leader'"))
    assert site.client("leader").put("/api/brief/setting", json={"time": "07:00"}).status_code == 422
    site.client("dispatcher").put("/api/brief/setting", json={"time": "13:00"})
    with site.world.database.owning() as connection:
        connection.execute(text("UPDATE app_user SET active = false WHERE username = 'dispatcher'"))
    assert brief_settings.send_due(site.world.database, now=NOW + timedelta(days=1, hours=3), sla=SlaPolicy()) == 0
