"""What people may write, on every way in: no number of a person in any spelling, no letter that hides or turns a line."""

from __future__ import annotations

import pytest

from dashboard.loaders.case import read_case
from dashboard.loaders.reader import reader_of
from dashboard.pages.case_record import document
from tests.integration.web.conftest import Site
from tests.steps.api import move, report, waiting
from tests.world import NOW

PERSONAL = (
    "13800138000", "１３８００１３８０００", "138 0013 8000", "138.0013.8000", "1\u200b3800138000",
    "一三八〇〇一三八〇〇〇", "53280119900101123Ｘ", "(0691)2122222",
)  # fmt: skip
HIDDEN = ("夜间\u202e噪音", "夜\u200b间", "夜\u0007间", "\u2067夜间", "夜\u00ad间")
FORM = {"kind": "dispute", "category": "neighbour", "area": "C1V1G1"}


@pytest.mark.parametrize("field", ["title", "description"])
@pytest.mark.parametrize("words", [f"联系{one}" if "\u200b" not in one else one for one in PERSONAL], ids=ascii)
def test_a_report_with_a_persons_number_is_refused(quiet: Site, field: str, words: str):
    answer = quiet.client("dispatcher").post("/api/cases", json={**FORM, "title": "噪音", field: words})
    # the letter that hides the number is told first where there is one
    assert answer.status_code == 422
    assert answer.json()["code"] == ("hidden_letters" if "\u200b" in words else "personal_data")


@pytest.mark.parametrize("field", ["title", "description"])
@pytest.mark.parametrize("words", HIDDEN, ids=ascii)
def test_a_report_with_letters_that_hide_is_refused(quiet: Site, field: str, words: str):
    for locale in ("zh-CN", "en"):
        answer = quiet.client("dispatcher").post(
            "/api/cases", json={**FORM, "title": "噪音", field: words}, headers={"Accept-Language": locale}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "hidden_letters")
        assert "U+" in answer.json()["title"] and field in answer.json()["title"]


@pytest.mark.parametrize("title", ["\u200b", "\u3164", "　", "…", "\u2800", "\u0301"], ids=ascii)
def test_a_title_in_which_nothing_is_seen_is_refused(quiet: Site, title: str):
    answer = quiet.client("dispatcher").post("/api/cases", json={**FORM, "title": title})
    assert answer.status_code == 422


def test_every_move_refuses_both_in_its_reason(site: Site):
    client = site.client("dispatcher")
    case = waiting(site, client)
    body = site.world.organisations["justice-C1"]
    for name, more in (("comment", {}), ("dispatch", {"to": body}), ("remind", {}), ("refer_up", {})):
        for words in PERSONAL:
            answer = move(client, case, name, reason=f"找{words}办", **more)
            assert answer.status_code in (403, 422), (name, words, answer.text)
            assert answer.json()["code"] in ("personal_data", "hidden_letters", "move_not_allowed", "forbidden"), answer.text
        for words in HIDDEN:
            assert move(client, case, name, reason=words, **more).status_code in (403, 422)
    done = client.post(
        "/api/bulk",
        json={
            "items": [{"case_no": case["case_no"], "version": case["version"], "to": body}],
            "reason": "电话 138-0013-8000",
        },
    ).json()
    assert (done["done"], done["items"][0]["problem"]["code"]) == (0, "personal_data")
    assert client.get(f"/api/cases/{case['case_no']}").json()["version"] == case["version"]


def test_what_is_written_from_right_to_left_stays_by_itself(site: Site):
    case = report(site, site.client("dispatcher"), title="שלום 12", description="רעש\nבלילה")
    viewer = site.world.viewers["dispatcher"]
    view = read_case(site.services, viewer, case["case_no"])
    page = document(view, reader_of(site.services, viewer), deployment="C", synthetic=False, route="<svg/>")
    assert "<h1>\u2068שלום 12\u2069</h1>" in page
    assert "\u2068רעש\u2069\n\u2068בלילה\u2069" in page
    assert view.reported_at == NOW
