"""Whoever looks at an answer in a browser's window reads a page with the way on; programs get the document."""

from __future__ import annotations

import pytest

WINDOW = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SCRIPT = {"Accept": "*/*"}


def page_of(answer, status: int) -> str:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8"), answer.text
    assert "<h1>" in answer.text and 'class="back"' in answer.text and "urn:gridboard" not in answer.text
    return answer.text


@pytest.mark.parametrize("headers", [WINDOW, SCRIPT])
@pytest.mark.parametrize("path", ["/mine", "/mine?case=20260310-C1-99999", "/mine?tab=nothing"])
def test_a_page_that_is_not_for_the_role_is_a_page(site, path: str, headers: dict):
    words = page_of(site.client("leader").get(path, headers=headers), 422 if "tab" in path else 403)
    assert 'href="/"' in words


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/nothing", 404), ("/api/cases/20260310-C1-99999/document.pdf", 404), ("/api/cases?limit=0", 422)],
)
def test_where_a_link_leads_a_person_reads_a_page_and_a_program_a_document(site, path: str, status: int):
    client = site.client("leader")
    page_of(client.get(path, headers=WINDOW), status)
    for headers in (SCRIPT, {"Accept": "application/json"}):
        answer = client.get(path, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        assert answer.json()["status"] == status


def test_a_form_that_comes_from_elsewhere_is_refused_in_words(site):
    form = {"username": "leader", "password": "x"}
    answer = site.client().post("/login", data=form, headers=WINDOW | {"Origin": "http://elsewhere.example"})
    page_of(answer, 403)


def test_a_page_of_ours_that_must_not_say_where_it_is_may_log_in(site):
    form = {"username": "leader", "password": "wrong"}
    headers = WINDOW | {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert site.client().post("/login", data=form, headers=headers).status_code == 401
    assert site.client().post("/login", data=form, headers=headers | {"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_page_speaks_the_reader_s_language(site):
    client = site.client()
    client.cookies.set("gridboard_locale", "en")
    assert 'lang="en"' in client.get("/api/nothing", headers=WINDOW, follow_redirects=False).text
