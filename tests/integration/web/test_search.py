"""GET /api/search: what a hit says, for whom, and what bad questions are answered."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.integration.web.conftest import Site
from tests.steps.api import report


def found(client, q: str, **more) -> list[dict]:
    answer = client.get("/api/search", params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_a_case_says_what_and_where_it_is(site: Site):
    client = site.client("dispatcher")
    case = report(site, client, "C2V1G1", title="楼上漏水")
    (hit,) = found(client, "漏水")
    assert hit["type"] == "case" and hit["case_no"] == hit["hint"] == case["case_no"]
    assert (hit["title"], hit["label"], hit["status"]) == ("楼上漏水", "矛盾纠纷", "reported")
    assert (hit["code"], hit["within"]) == ("C2V1G1", ["C", "C2", "C2V1", "C2V1G1"])
    assert hit["place"] == "C2 › C2V1 › C2V1G1"


def test_an_area_and_a_body_say_where_they_are(site: Site):
    client = site.client("dispatcher")
    area = found(client, "c1v1")[0]
    assert (area["type"], area["code"], area["label"], area["place"]) == ("area", "C1V1", "village", "C1")
    body = next(hit for hit in found(client, "justice") if hit["type"] == "organisation")
    assert (body["title"], body["label"], body["code"]) == ("justice-C1", "行业部门", "C1")
    assert body["lon"] and body["lat"]


def test_two_people_of_different_areas_find_their_own(site: Site):
    one, other = site.client("dispatcher.c1"), site.client("dispatcher.c2")
    here, there = report(site, one, "C1V1G1", title="漏水 甲"), report(site, other, "C2V1G1", title="漏水 乙")
    assert [hit["case_no"] for hit in found(one, "漏水")] == [here["case_no"]]
    assert [hit["case_no"] for hit in found(other, "漏水")] == [there["case_no"]]
    assert found(one, there["case_no"]) == []
    # nothing above one's own area, nothing beside it
    assert found(one, here["case_no"])[0]["within"] == ["C1", "C1V1", "C1V1G1"]
    assert {hit["code"] for hit in found(one, "c")} <= {"C1", "C1V1", "C1V2", "C1V1G1", "C1V1G2", "C1V2G1", "C1V2G2"}


@pytest.mark.parametrize("user", ["admin", "auditor"])
def test_who_reads_no_cases_finds_none(site: Site, user: str):
    case = report(site, site.client("dispatcher"), title="漏水")
    client = site.client(user)
    assert found(client, "漏水") == []
    assert found(client, case["case_no"]) == []
    assert found(client, "c1v1")[0]["type"] == "area"


def test_the_area_on_the_screen_has_to_be_ones_own(site: Site):
    client = site.client("dispatcher.c1")
    for code in ("C2", "C9", "C"):
        assert client.get("/api/search", params={"q": "x", "area": code}).status_code == 404
    assert client.get("/api/search", params={"q": "x", "area": "C1V1"}).status_code == 200


def test_bad_questions_have_plain_answers(site: Site):
    client = site.client("dispatcher")
    for words in ("%", "_", "\\", "'; drop table area;--", "  ", "𠮷", "a" * 100, "' | '@C", "@C1", "!a & b", ":*"):
        found(client, words)
    assert client.get("/api/search").json()["items"] == []
    for bad in ("limit=0", "limit=51", "limit=x", "q=" + "a" * 101, "qq=1"):
        assert client.get(f"/api/search?{bad}").status_code == 422, bad


def test_a_code_that_nobody_can_type_finds_no_cases(site: Site):
    client = site.client("dispatcher")
    report(site, client, title="漏水")
    for words in ("@C1V1", "@C1V1G1", "@C1V1 @C1V1G1", "'@C'"):
        assert [hit for hit in found(client, words) if hit["type"] == "case"] == [], words


def test_words_of_a_search_stand_in_no_log(site: Site, caplog, capfd):
    client = site.client("dispatcher")
    # the client's own
    caplog.set_level("WARNING", "httpx")
    with caplog.at_level("DEBUG"):
        found(client, "隐私词语 zzsecretzz")
    with site.services.database.owning() as connection:
        kept = connection.execute(text("SELECT count(*) FROM access_log WHERE access_log::text LIKE '%secret%'")).scalar()
    out, err = capfd.readouterr()
    ours = "".join(record.getMessage() for record in caplog.records)
    assert kept == 0
    assert "zzsecretzz" not in out + err + ours
