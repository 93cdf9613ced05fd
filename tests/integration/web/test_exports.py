"""Lists of cases as files and on paper: what they hold, for whom, and what they leave in the access log."""

from __future__ import annotations

import csv
import io
import threading
from datetime import datetime
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

import web.api.exports
import web.pages.case_table
from data.queries import cases
from tests.integration.web.conftest import Site
from tests.steps.api import move, report, waiting

FORMS = ("/api/export/cases.csv", "/api/export/cases.xlsx", "/print/cases")


def rows_of(client, query: str = "") -> list[list[str]]:
    answer = client.get(f"/api/export/cases.csv{query}")
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf"), "Excel takes the text for another encoding without it"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def book_of(client, query: str = ""):
    answer = client.get(f"/api/export/cases.xlsx{query}")
    assert answer.status_code == 200, answer.text
    return load_workbook(io.BytesIO(answer.content))


def exports_in_the_log(site: Site) -> list[dict]:
    with site.world.database.owning() as connection:
        found = connection.execute(text("SELECT * FROM access_log WHERE act = 'export' ORDER BY seq"))
        return [dict(row) for row in found.mappings()]


def test_a_file_holds_what_the_list_holds_in_its_order(site: Site):
    client = site.client("dispatcher")
    for title in ("乙", "甲", "丙"):
        report(site, client, title=title, kind="hazard", category="fire")
    report(site, client, "C2V1G1", title="别处")
    listed = client.get("/api/cases?area=C1&sort=-title&kind=hazard").json()["items"]
    heading, *rows = rows_of(client, "?area=C1&sort=-title&kind=hazard&columns=title,case_no,area,severity")
    assert heading == ["标题", "案号", "地点", "程度"]
    assert [row[:2] for row in rows] == [[one["title"], one["case_no"]] for one in listed] and len(rows) == 3
    assert {row[2] for row in rows} == {listed[0]["area_name"]} and {row[3] for row in rows} == {"一般"}


def test_all_parts_of_a_long_list_are_in_the_file(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cases, "PART", 2)
    client = site.client("dispatcher")
    numbers = {report(site, client, title=f"{n}")["case_no"] for n in range(5)}
    for sort in ("due_at", "-reported_at", "severity", "title"):
        rows = rows_of(client, f"?columns=case_no&sort={sort}")[1:]
        assert len(rows) == 5 and {row[0] for row in rows} == numbers


def test_a_workbook_has_moments_as_moments_and_says_what_it_holds(site: Site):
    client = site.client("dispatcher")
    case = waiting(site, client)
    book = book_of(client, "?status=waiting&columns=case,clock")
    sheet, about = book.worksheets
    assert [one.value for one in sheet[1]] == ["案号", "标题", "地点", "状态", "到期时间", "上报时间"]
    number, _, _, status, due, reported = (one.value for one in sheet[2])
    assert (number, status) == (case["case_no"], "待分流") and sheet.max_row == 2
    # the deployment's own time, eight hours before UTC
    assert isinstance(due, datetime) and isinstance(reported, datetime) and reported.hour == 12
    said = {row[0].value: row[1].value for row in about.iter_rows()}
    assert said["筛选条件"] == "待分流" and said["行数"] == "1" and "2026" in said["导出时间"]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@x", "=HYPERLINK(\"http://x\")", " =1", "＝1"])
def test_a_file_computes_nothing(site: Site, title: str):
    client = site.client("dispatcher")
    with site.world.database.owning() as connection:
        number = report(site, client)["case_no"]
        connection.execute(text("UPDATE cases SET title = :title WHERE case_no = :no"), {"title": title, "no": number})
    assert rows_of(client, "?columns=title")[1] == [f"'{title}"]
    cell = book_of(client, "?columns=title").worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == (f"'{title}", "s")


@pytest.mark.parametrize("path", FORMS)
def test_nobody_takes_away_what_is_not_theirs(site: Site, path: str):
    here = waiting(site, site.client("dispatcher.c1"))
    there = waiting(site, site.client("dispatcher.c2"), "C2V1G1")
    assert move(
        site.client("dispatcher"), here, "dispatch", to=site.world.organisations["justice-C1"]
    ).status_code == 200  # fmt: skip

    def found(user: str, query: str = "") -> set[str]:
        client = site.client(user)
        if path.endswith("xlsx"):
            return {str(row[0].value) for row in book_of(client, f"?columns=case_no{query}").worksheets[0].iter_rows(min_row=2)}
        content = client.get(f"{path}?columns=case_no{query}").text
        return {one["case_no"] for one in (here, there) if one["case_no"] in content}

    assert found("dispatcher") == {here["case_no"], there["case_no"]}
    assert found("dispatcher.c1") == {here["case_no"]} and found("dispatcher.c2") == {there["case_no"]}
    assert found("leader", "&area=C2") == {there["case_no"]}
    assert found("handler") == {here["case_no"]} and found("handler.fire") == set()
    for user in ("auditor", "admin"):
        assert site.client(user).get(path).status_code == 403
    assert site.client("dispatcher.c1").get(f"{path}?area=C2").status_code == 404
    assert site.client("dispatcher.c1").get(f"{path}?area=C9").status_code == 404
    assert site.client().get(path, follow_redirects=False).status_code == (303 if path == "/print/cases" else 401)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "query", ["columns=description", "columns=title,title", "columns=,", "sort=x", "status=x", "kind=x", "holder=１", "limit=1"]
)
def test_a_wrong_query_is_refused_and_leaves_no_entry(site: Site, path: str, query: str):
    client = site.client("dispatcher")
    if path == "/print/cases" and query == "limit=1":
        return
    assert client.get(f"{path}?{query}").status_code == 422
    assert exports_in_the_log(site) == []


@pytest.mark.parametrize("path", FORMS)
def test_an_export_is_an_entry_with_filter_and_rows(site: Site, path: str):
    client = site.client("dispatcher.c1")
    for _ in range(2):
        waiting(site, client)
    client.get(f"{path}?area=C1V1&status=waiting&kind=dispute&q=噪音&sort=-due_at&columns=case,clock")
    [entry] = exports_in_the_log(site)
    assert (entry["account"], entry["outcome"], entry["area"]) == ("dispatcher.c1", "done", "C1")
    assert entry["object"] == {"/print/cases": "cases.print"}.get(path, path.rpartition("/")[2])
    assert entry["details"]["rows"] == 2
    assert entry["details"]["search"] == {
        "area": "C1V1", "status": "waiting", "kind": "dispute", "sort": "-due_at", "words": True,
    }, "what was typed freely is not kept"  # fmt: skip
    assert entry["via"] == ("page" if path == "/print/cases" else "api")


def test_a_file_is_named_by_area_and_date(site: Site):
    client = site.client("dispatcher")
    for suffix in ("csv", "xlsx"):
        answer = client.get(f"/api/export/cases.{suffix}?area=C1")
        named = answer.headers["content-disposition"]
        assert f'filename="cases-20260310.{suffix}"' in named and answer.headers["cache-control"] == "no-store"
        name = client.get("/api/areas/C1").json()["name"]
        assert unquote(named).endswith(f"filename*=UTF-8''案件-{name}-20260310.{suffix}")


def test_a_list_that_is_too_long_is_refused_with_both_numbers(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(web.api.exports, "MOST", {"csv": 1, "xlsx": 1})
    client = site.client("dispatcher")
    for _ in range(2):
        report(site, client)
    for suffix in ("csv", "xlsx"):
        answer = client.get(f"/api/export/cases.{suffix}")
        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["total"], problem["most"]) == (422, "list_too_long", 2, 1)
        assert all(words in problem["detail"] for words in (suffix.upper(), "2", "1"))
    assert exports_in_the_log(site) == []


def test_whoever_finds_all_turns_taken_is_told_to_come_again(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(web.api.exports, "WAIT_S", 0.0)
    monkeypatch.setattr(web.api.exports, "_turns", threading.BoundedSemaphore(1))
    client = site.client("dispatcher")
    assert client.get("/api/export/cases.csv").status_code == client.get("/api/export/cases.csv").status_code == 200
    web.api.exports._turns.acquire()
    assert client.get("/api/export/cases.csv").json()["code"] == "busy"


def test_an_empty_list_is_a_file_with_its_headings(site: Site):
    client = site.client("dispatcher")
    assert rows_of(client, "?columns=case_no,title") == [["案号", "标题"]]
    assert "没有符合条件的案件" in client.get("/print/cases").text


def test_paper_says_office_filter_time_and_where_it_ends(site: Site, monkeypatch: pytest.MonkeyPatch):
    client = site.client("dispatcher")
    for _ in range(3):
        report(site, client, title="<b>噪音</b>")
    with site.world.database.owning() as connection:
        connection.execute(text("INSERT INTO deployment VALUES ('name', '\"平安办\"'), ('synthetic', 'true')"))
    page = client.get("/print/cases?kind=dispute&severity=minor&area=C1").text
    assert "平安办" in page and "矛盾纠纷、一般" in page and "2026年3月10日 12:00" in page and "共 3 件" in page
    assert "&lt;b&gt;" in page and "<b>噪音" not in page and "演示" in page
    monkeypatch.setattr(web.pages.case_table, "MOST", 2)
    assert "共 3 件，只列出前 2 件" in client.get("/print/cases").text
    assert [entry["details"]["rows"] for entry in exports_in_the_log(site)] == [3, 2]
