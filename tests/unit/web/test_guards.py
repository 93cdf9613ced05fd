"""The small decisions in front of the routes, without a server."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from rules.errors import Problem
from web.api.live import number_of
from web.middleware.dash_body import check_callback
from web.middleware.origin import is_foreign
from web.middleware.request_body import check_json, depth_of
from web.middleware.security_headers import content_policy, tile_host

HOST = {"host": "127.0.0.1:8050"}


@pytest.mark.parametrize(
    ("headers", "path", "foreign"),
    [
        ({}, "/api/cases", False),
        ({}, "/_dash-update-component", True),
        ({"sec-fetch-site": "same-origin"}, "/_dash-update-component", False),
        ({"origin": "http://127.0.0.1:8050"}, "/_dash-update-component", False),
        ({"origin": "http://127.0.0.1:8051"}, "/api/cases", True),
        ({"origin": "http://127.0.0.1:8050.evil.example"}, "/api/cases", True),
        ({"origin": "http://["}, "/login", True),
        ({"origin": "http://a:99999999"}, "/login", True),
        ({"origin": "null"}, "/login", True),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, "/login", False),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, "/_dash-update-component", False),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, "/login", True),
        ({"origin": "null", "sec-fetch-site": "none"}, "/login", True),
        ({"origin": "file://127.0.0.1:8050"}, "/login", True),
        ({"sec-fetch-site": "same-site"}, "/api/cases", True),
        ({"origin": "https://board.example", "sec-fetch-site": "cross-site"}, "/api/cases", False),
    ],
)
def test_where_a_request_comes_from(headers: dict, path: str, foreign: bool):
    assert is_foreign(Headers(HOST | headers), path, {"https://board.example"}) is foreign


def test_depth_counts_brackets_and_not_words():
    assert depth_of(b'{"a": [1, {"b": "[[[[\\"[["}]}') == 3
    assert depth_of(b'"' + b"[" * 1000 + b'"') == 0


@pytest.mark.parametrize("body", [b"[" * 65 + b"]" * 65, b"NaN", b'"\\ud800"', b'["a\\u0000"]', b"{", b""])
def test_json_that_is_refused(body: bytes):
    with pytest.raises(Problem):
        check_json(body)


def test_a_backslash_before_a_u_is_text():
    assert check_json(b'["\\\\u0000"]') == ["\\u0000"]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        (None, ""),
        ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
        ("https://{s}.tiles.example/{z}/{x}/{y}.png", "https://*.tiles.example"),
        ("http://webrd0{s}.is.example.com:81/appmaptile?x={x}", "http://*.is.example.com:81"),
        ("javascript:alert(1)", ""),
    ],
)
def test_the_host_of_the_street_map(url: str | None, host: str):
    assert tile_host(url) == host
    assert host in content_policy(["'sha256-x'"], url)


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("0", 0), (None, None), ("", None), ("-1", None), ("½", None), ("1" * 30, None)]
)
def test_the_number_in_a_browsers_last_id(text: str | None, number: int | None):
    assert number_of(text) == number


async def show_page(pathname: int | None) -> None:
    """Stands for a callback: its annotation says what its value may be."""


KNOWN = {
    "page.children": {"inputs": [{"id": "url", "property": "pathname"}], "state": [], "callback": show_page},
    "charts.children": {"inputs": [{"id": "url", "property": "pathname"}], "state": []},
}
CALL = {
    "output": "page.children",
    "outputs": {"id": "page", "property": "children"},
    "inputs": [{"id": "url", "property": "pathname", "value": 1}],
    "changedPropIds": [],
}


@pytest.mark.parametrize(
    "change",
    [
        {"output": "x"}, {"inputs": []}, {"inputs": [{"id": "other", "property": "pathname"}]}, {"state": [{}]},
        {"changedPropIds": [1]}, {"inputs": [{"id": "url", "property": "search"}]},
        {"inputs": [{"id": "url", "property": "pathname", "value": "1"}]}, {"outputs": None}, {"changedPropIds": ["x.y"]},
        {"output": "charts.children", "outputs": {"id": "charts", "property": "children"}},
    ],
)  # fmt: skip
def test_a_crooked_callback_is_refused(change: dict):
    check_callback(CALL, KNOWN)
    with pytest.raises(Problem):
        check_callback(CALL | change, KNOWN)


async def press(_clicks: list[int | None], typed: list[str | None]) -> None:
    """Stands for a callback of a page with many buttons."""


BUTTON, FIELD = '{"key":["ALL"],"type":"send"}', '{"key":["ALL"],"type":"reason"}'
PATTERNS = {
    "box.children": {
        "inputs": [{"id": BUTTON, "property": "n_clicks"}],
        "state": [{"id": FIELD, "property": "value"}],
        "callback": press,
    }
}


def matched(kind: str, name: str, values: dict[str, object]) -> list[dict]:
    return [{"id": {"type": kind, "key": key}, "property": name, "value": value} for key, value in values.items()]


PRESSED = {
    "output": "box.children",
    "outputs": {"id": "box", "property": "children"},
    "inputs": [matched("send", "n_clicks", {"一": None, 'a "b".c': 1})],
    "state": [matched("reason", "value", {"一": None, "2": "x"})],
    "changedPropIds": ['{"key":"a \\"b\\".c","type":"send"}.n_clicks'],
}


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": []}, {"inputs": [None]}, {"inputs": [{"id": BUTTON, "property": "n_clicks", "value": 1}]},
        {"inputs": [matched("other", "n_clicks", {"1": 1})]}, {"inputs": [matched("send", "value", {"1": 1})]},
        {"inputs": [matched("send", "n_clicks", {"": 1})]}, {"inputs": [matched("send", "n_clicks", {"x" * 65: 1})]},
        {"inputs": [matched("send", "n_clicks", {"1": "1"})]}, {"inputs": [matched("send", "n_clicks", {"1": True})]},
        {"inputs": [matched("send", "n_clicks", {"1": 1}) * 2]}, {"state": [matched("reason", "value", {"1": "x" * 4001})]},
        {"inputs": [matched("send", "n_clicks", {str(number): 1 for number in range(1001)})]},
        {"changedPropIds": ['{"key":"2","type":"send"}.n_clicks']}, {"changedPropIds": [f"{BUTTON}.n_clicks"]},
        {"changedPropIds": ['{"key":"2","type":"reason"}.value']},
    ],
)  # fmt: skip
def test_a_pattern_is_matched_by_what_it_declares(change: dict):
    check_callback(PRESSED, PATTERNS)
    with pytest.raises(Problem):
        check_callback({**PRESSED, "changedPropIds": [], **change}, PATTERNS)


def test_a_pattern_may_match_nothing():
    check_callback({**PRESSED, "inputs": [[]], "state": [[]], "changedPropIds": ["."]}, PATTERNS)
