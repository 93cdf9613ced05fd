"""What Python takes for a number, or for text, and a database does not: refused everywhere, never an error of the server."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import quote

import orjson
import pytest
from fastapi import FastAPI

from rules.numbers import MAX_BIGINT, MAX_INT, digits
from tests.integration.web.clients import QuickClient
from tests.integration.web.conftest import ORIGIN
from tests.world import PASSWORD

#: None of these is a whole number in ASCII digits that a column of the database holds.
NUMBERS = ("1_0", "\uff11\uff10", "\u0661", "\u00b2", "\u2460", " 1", "1 ", "+1", "1e3", "1.0", "0x1", "-0", "\u22121", "1\n",
           "9" * 19, "9" * 30, "9" * 5000, str(2**63), "-1", "nan", "inf", "1,0", "\u09e7", "\U0001d7d9", "1\u200b")  # fmt: skip
TEXTS = ("\x01", "a\x7f", "\u202e", "\u200b", "'", "\"", "%", "\\", "a/b", "..", ".", "*", ";", "null", "\ufeff1", "\U0010ffff",
         "a" * 201, "2026-13-45", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "20261120", "1e400", "[1]",
         "{}")  # fmt: skip
#: As they stand in an address: NUL, a lone surrogate, bytes that are no UTF-8.
RAW = ("%00", "1%00", "%ed%a0%80", "%ff", "%c0%80", "%")


JSON = {"Content-Type": "application/json"}
CALL = {"output": "page.children", "outputs": {"id": "page", "property": "children"}, "changedPropIds": ["url.pathname"],
        "inputs": [{"id": "url", "property": "pathname", "value": "/map"}],
        "state": [{"id": "url", "property": "search", "value": ""}]}  # fmt: skip


def client_of(server: FastAPI, user: str | None = None) -> QuickClient:
    client = QuickClient(server, base_url=ORIGIN)
    client.headers["Origin"] = ORIGIN
    if user:
        answer = client.post("/api/session", json={"username": user, "password": PASSWORD})
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return client


def told(server: FastAPI) -> dict:
    return client_of(server, "dispatcher").get("/api/openapi.json").json()


def odd() -> Iterator[str]:
    yield from (quote(value, safe="") for value in (*NUMBERS, *TEXTS))
    yield from RAW


def addresses(document: dict) -> Iterator[tuple[str, str, list[str], list[str]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            given = operation.get("parameters", [])
            yield (
                method.upper(),
                path,
                [one["name"] for one in given if one["in"] == "query"],
                [one["name"] for one in given if one["in"] == "path"],
            )


GOOD = {"code": "C1", "category": "neighbour", "number": "1", "level": "county", "kind": "river", "version": "1",
        "z": "0", "x": "0", "y": "0", "no": "none", "name": "open"}  # fmt: skip


def filled(path: str, **values: str) -> str:
    for name, value in {**GOOD, **values}.items():
        path = path.replace("{" + name + "}", value)
    return path


@pytest.mark.parametrize("user", ["dispatcher", "admin"])
def test_every_parameter_of_the_interface(whole, user: str):
    server, client = whole[0], client_of(whole[0], user)
    asked = 0
    for method, path, queries, parts in addresses(told(server)):
        if path in ("/api/live", "/api/session", "/api/logout"):
            continue
        for value in odd():
            targets = [filled(path, **{name: value}) for name in parts]
            targets += [f"{filled(path)}?{name}={value}" for name in queries]
            for target in targets:
                asked += 1
                answer = client.request(method, target, json={} if method in ("POST", "PUT", "PATCH") else None)
                assert answer.status_code < 500, (method, target, answer.text)
    assert asked > 1000


@pytest.mark.parametrize("value", NUMBERS)
def test_what_is_no_number_is_refused_where_a_number_belongs(whole, value: str):
    dispatcher, admin = client_of(whole[0], "dispatcher"), client_of(whole[0], "admin")
    coded = quote(value, safe="")
    for target in ("/api/cases?limit=", "/api/cases?holder=", "/api/queue?limit=", "/api/search?q=a&limit="):
        assert dispatcher.get(target + coded).status_code == 422, target
    for target in ("/api/outbox?limit=", "/api/outbox?cursor="):
        assert admin.get(target + coded).status_code == 422, target
    assert admin.post(f"/api/outbox/{coded}/retry").status_code in (404, 422)
    assert dispatcher.get(f"/tiles/county/1/0/{coded}/0.mvt").status_code == 404


@pytest.mark.parametrize("sort", ["due_at", "reported_at", "queue", "settled_at", "severity", "-severity", "title", "case_no"])
def test_every_key_of_a_cursor(whole, sort: str):
    client = client_of(whole[0], "dispatcher")
    keys = [*NUMBERS, *TEXTS, "\uff12\uff10\uff12\uff16-01-01 00:00:00+00", "2026-01-01 24:61:00+00", "0000-01-01 00:00:00+00",
            "2026-02-31 00:00:00+00", None, 1, 1.5, True, [], {}]  # fmt: skip
    for key in keys:
        for cursor in ([sort, key, "x", 1], [sort, "1", key, 1], [sort, "1", "x", key], [key, "1", "x", 1], key):
            coded = base64.urlsafe_b64encode(orjson.dumps(cursor)).decode()[:1000]
            for path in ("/api/cases", "/api/queue"):
                answer = client.get(path, params={"sort": sort, "cursor": coded, "area": "C"})
                assert answer.status_code < 500, (path, cursor, answer.text)
    for raw in ("x", "=", "é", "....", "AAAA", "_" * 999):
        assert client.get("/api/cases", params={"cursor": raw}).status_code == 422


BODIES = ("1_0", "\uff11", 10**30, 2**63, -1, 0, 1.5, 1e308, True, None, [], {}, "", "\u202e", "x" * 5000, [[1]], {"a": 1})


def fields_of(document: dict, operation: dict) -> list[str]:
    shape = next(iter(operation["requestBody"]["content"].values()))["schema"]
    name = shape.get("$ref", "").rsplit("/", 1)[-1]
    return list(document["components"]["schemas"].get(name, {}).get("properties", {}))


def test_every_field_of_every_body(whole):
    server = whole[0]
    document = told(server)
    dispatcher, admin = client_of(server, "dispatcher"), client_of(server, "admin")
    asked = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if "requestBody" not in operation or path == "/api/session":
                continue
            for field in fields_of(document, operation):
                for value in BODIES:
                    for base in ({}, {"move": "dispatch", "version": 1}, {"on": True}, {"tab": "t"}):
                        asked += 1
                        for client in (dispatcher, admin):
                            answer = client.request(method.upper(), filled(path), json=base | {field: value})
                            assert answer.status_code < 500, (method, path, field, value, answer.text)
    assert asked > 300


@pytest.mark.parametrize(
    "raw", [b'{"version": 1e400}', b'{"version": ' + b"9" * 5000 + b"}", b'{"lon": -1e999, "lat": 1}', b'{"a": 1}' * 2,
            b"\xff", b"\xef\xbb\xbf{}", b'{"title": "\\ud800"}', b'{"title": "\\u0000"}', b"1", b'"x"', b"null", b"[]", b"\0"]
)  # fmt: skip
def test_every_odd_spelling_of_a_body(whole, raw: bytes):
    client = client_of(whole[0], "dispatcher")
    for path in ("/api/cases", "/api/cases/x/moves", "/api/queue/next", "/api/bulk", "/api/bulk/preview", "/api/presence",
                 "/api/remarks", "/api/remarks/preview", "/api/session", "/api/locale", "/api/cases/x/claim"):  # fmt: skip
        for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded", "", "x;y=\"", "multipart/form-data"):
            answer = client.post(path, content=raw, headers={"Content-Type": kind})
            assert 400 <= answer.status_code < 500, (path, kind, answer.text)


def test_moments_at_the_ends_of_time(whole):
    client, world = client_of(whole[0], "dispatcher"), whole[1]
    lon, lat = world.point_in("C1V1G1")
    made = client.post("/api/cases", json={"kind": "dispute", "category": "neighbour", "title": "\u566a\u97f3", "lon": lon,
        "lat": lat})
    no = made.json()["case_no"]
    for moment in ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00",
                   "9999-12-31T23:59:59.999999-23:59"):  # fmt: skip
        for move in ("pause", "extend", "dispatch", "accept", "assess"):
            form = {"move": move, "version": made.json()["version"], "until": moment, "reason": "x"}
            answer = client.post(f"/api/cases/{no}/moves", json=form)
            assert answer.status_code < 500, (move, moment, answer.text)
        for name in ("reported_from", "settled_from"):
            assert client.get("/api/cases", params={name: moment}).status_code < 500


@pytest.mark.parametrize("value", [*NUMBERS, "-5", "\x01"])
def test_a_browsers_last_number_of_any_kind(whole, value: str):
    from web.api.live import number_of

    assert number_of(value) is None or value == "-0"


@pytest.mark.parametrize("kind", [None, "", "text/plain", "application/x-www-form-urlencoded", "text/json"])
def test_a_call_that_does_not_say_that_it_is_json(whole, kind: str | None):
    headers = {} if kind is None else {"Content-Type": kind}
    answer = client_of(whole[0], "dispatcher").post("/_dash-update-component", content=json.dumps(CALL), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_a_callback_that_fails_is_named_in_the_log(whole, monkeypatch, caplog):
    def broken(*_given: object) -> None:
        raise RuntimeError("no bulb")

    monkeypatch.setattr("callbacks.pages.page_at", broken)
    answer = client_of(whole[0], "dispatcher").post("/_dash-update-component", json=CALL)
    assert answer.status_code == 500 and "no bulb" not in answer.text
    # which one and of what kind; the words of an exception may be somebody's
    assert "'id': 'page'" in caplog.text and "RuntimeError" in caplog.text


def test_every_callback_with_every_kind_of_value(whole):
    """Each callback as the map of Dash lists it, each of its inputs with a value of another kind."""
    client = client_of(whole[0], "dispatcher")
    listed = client.get("/_dash-dependencies").json()
    asked = 0
    for one in listed:
        if one["clientside_function"]:
            continue
        inputs, states = one["inputs"], one["state"]
        for place in range(len(inputs) + len(states)):
            for value in (*NUMBERS, *TEXTS, *BODIES):
                given = [given_as(part, value if index == place else None) for index, part in enumerate([*inputs, *states])]
                body = {"output": one["output"], "outputs": outputs_of(one["output"]), "inputs": given[: len(inputs)],
                        "state": given[len(inputs):], "changedPropIds": []}  # fmt: skip
                # json.dumps: the values also as others write them, NaN as it is
                answer = client.post("/_dash-update-component", content=json.dumps(body), headers=JSON)
                asked += 1
                assert answer.status_code < 500, (one["output"], value, answer.text)
    assert asked > 200


def given_as(part: dict, value: object) -> object:
    """An input with its value; of a pattern one that it matches, whose key is the value too where that is a text."""
    if not part["id"].startswith("{"):
        return {"id": part["id"], "property": part["property"], "value": value}
    kind = json.loads(part["id"])
    key = value if isinstance(value, str) else "1"
    return [{"id": {**kind, "key": key}, "property": part["property"], "value": value}]


def outputs_of(output: str) -> object:
    parts = [dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in output.strip(".").split("...")]
    return parts if output.startswith("..") else parts[0]


CROOKED = (
    {"outputs": {}}, {"outputs": []}, {"outputs": [{}]}, {"outputs": [1]}, {"outputs": None}, {"outputs": [[[]]]}, {"inputs": None},
    {"outputs": {"id": 1, "property": 2}}, {"state": {}}, {"changedPropIds": ["x"]}, {"changedPropIds": ["a.b.c", "."]},
    {"parsedChangedPropsIds": 1}, {"cancelJob": "x"}, {"uuid": [1]}, {"background": {}}, {"adHoc": 1}, {"output": 1},
    {"output": ""},
)  # fmt: skip


@pytest.mark.parametrize("change", CROOKED)
def test_a_crooked_call_of_every_callback(whole, change: dict):
    client = client_of(whole[0], "dispatcher")
    for one in client.get("/_dash-dependencies").json():
        if one["clientside_function"]:
            continue
        body = {"output": one["output"], "outputs": outputs_of(one["output"]), "changedPropIds": [],
                "inputs": [given_as(part, None) for part in one["inputs"]],
                "state": [given_as(part, None) for part in one["state"]]}  # fmt: skip
        answer = client.post("/_dash-update-component", json=body | change)
        assert answer.status_code < 500, (one["output"], answer.text)


FILES = (
    "/_dash-component-suites/{}", "/_dash-component-suites/dash/{}", "/_dash-component-suites/dash/deps/{}",
    "/_dash-component-suites/{}/x.js", "/assets/{}", "/assets/dist/{}", "/{}", "/case/{}", "/map?area={}", "/mine?case={}",
    "/mine?tab={}", "/wall?display={}", "/login?next={}", "/login?locale={}", "/_dash-{}", "/_dash-layout?{}",
    "/metrics?{}", "/healthz?{}", "/_reload-hash{}",
)  # fmt: skip
NAMES = ("x.py", "__init__.py", "dash.py", "../dash.py", "..%2f..%2fapp.py", "x.v1m1.js", ".v1m1.", "a.v1_0m1.js.map", "",
    "/", "//", ".", "..",
         "%2e%2e%2f", "x.css", "a" * 300, "con", "x.js%00", "dash_renderer/build/none.js")  # fmt: skip


@pytest.mark.parametrize("user", [None, "dispatcher", "handler"])
def test_every_page_and_file(whole, user: str | None):
    client = client_of(whole[0], user)
    for pattern in FILES:
        for value in (*odd(), *NAMES):
            for method in ("GET", "HEAD"):
                answer = client.request(method, pattern.format(value), follow_redirects=False)
                assert answer.status_code < 500, (method, pattern, value, answer.text)


def test_files_that_dash_lists_are_there_and_others_are_not(whole):
    client = client_of(whole[0])
    assert client.get("/_dash-component-suites/dash/x.py").status_code == 404
    assert client.get("/_dash-component-suites/dash/x.py").json()["code"] == "not_found"
    assert client.get("/_dash-component-suites/os/path.py").status_code == 404


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "FOO", "get")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("user", [None, "dispatcher"])
def test_every_method_on_every_kind_of_address(whole, method: str, user: str | None):
    client = client_of(whole[0], user)
    for path in ("/", "/login", "/map", "/mine", "/case/x", "/api/cases", "/api/none", "/tiles/x", "/assets/none",
        "/healthz", "/metrics",
                 "/_dash-update-component", "/_dash-component-suites/dash/x.js", "/nowhere"):  # fmt: skip
        answer = client.request(method, path, follow_redirects=False)
        assert answer.status_code < 500, (method, path, answer.text)
        assert "access-control-allow-origin" not in answer.headers
        if method == "TRACE":
            assert answer.status_code in (303, 401, 404, 405), (path, answer.status_code)


def test_digits_are_ascii_digits_within_bounds():
    assert [digits(text) for text in ("0", "7", "007", str(MAX_BIGINT))] == [0, 7, 7, MAX_BIGINT]
    assert [digits(text) for text in (*NUMBERS, "", "-")] == [None] * (len(NUMBERS) + 2)
    assert digits(str(MAX_INT), most=MAX_INT) == MAX_INT
    assert digits(str(MAX_INT + 1), most=MAX_INT) is None
