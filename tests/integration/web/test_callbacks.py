"""Every callback of the application, by every role, about a case of its own area and one of another: what is not for a
reader is like what is not there. The map of callbacks is the application's own: a new one has to be declared here."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from data import accounts
from data.server.cluster import Cluster
from tests.integration.web.house import OTHER, OWN, PLACES, SECRETS, USERS, WALLS, House, open_house

#: The callbacks that show a case to who may read it, and those that never do.
SHOW_A_CASE = {"..case-panel.children...case-panel.className..", "case-box.children", "first-pages.data", "why-held.data"}
VERIFY = "..verify-box.children...verify-run.data...verify-tick.disabled...verify-begin.disabled.."
MESSAGES = "..messages-box.children...messages-view.data...messages-told.data.."
AUTOMATIC = "..automatic-box.children...automatic-told.data.."
USERS_BOX = "..users-box.children...users-told.data.."
DISPLAYS_BOX = "..displays-box.children...displays-told.data.."
PROFILE_BOX = "..profile-box.children...profile-told.data.."
SHOW_NONE = {
    "page.children",
    USERS_BOX,
    DISPLAYS_BOX,
    PROFILE_BOX,
    "..rail.children...breadcrumb.children...charts-held.data...scene.data..",
    MESSAGES,
    AUTOMATIC,
    "audit-box.children",
    "rules-box.children",
    VERIFY,
}
OF_ACCOUNTS = ("justice-C1",)
NOWHERE = "20260310-C1-99999"
READERS = {
    OWN: {"leader", "dispatcher", "dispatcher.c1", "handler"},
    OTHER: {"leader", "dispatcher", "dispatcher.c2"},
}
SEES_PLACE = {
    OWN: {"leader", "dispatcher", "dispatcher.c1", "handler", "handler.fire", "auditor", "admin", "wall", "wall.c1"},
    OTHER: {"leader", "dispatcher", "dispatcher.c2", "handler.fire", "auditor", "admin", "wall"},
}


@pytest.fixture(scope="module")
def house(cluster: Cluster, built_world) -> Iterator[House]:
    yield from open_house(cluster, built_world)


def takes_text(name: str) -> bool:
    """Whether an input is a text; the others are counts, ticks, buttons, what a list begins after, a verification's
    number."""
    return "refresh" not in name and not name.startswith(("verify-", "messages-view", "{"))


def probes(house: House, output: str, case_no: str, area: str) -> Iterator[dict]:
    """Calls that try to get at a case: its number, its area and its address in every place that takes a text."""
    one = house.callbacks[output]
    names = [f"{spec['id']}.{spec['property']}" for spec in (*one["inputs"], *one["state"])]
    words = (None, case_no, area, f"/case/{case_no}", f"?area={area}&case={case_no}")
    texts = [name for name in names if takes_text(name)]
    for chosen in itertools.product(words, repeat=len(texts)):
        yield house.body(output, dict(zip(texts, chosen, strict=True)))
    buttons = [name for name in names if name.startswith("{") and name.endswith("n_clicks")]
    for name, word in itertools.product(buttons, words[1:]):
        yield house.body(output, {name: {word: 1}})


def test_every_callback_is_declared_here(house: House):
    assert set(house.callbacks) == SHOW_A_CASE | SHOW_NONE
    assert len(house.in_browser) >= 1


@pytest.mark.parametrize("which", [OWN, OTHER])
@pytest.mark.parametrize("user", [*USERS, *WALLS])
def test_no_callback_shows_a_case_to_who_may_not_read_it(house: House, user: str, which: str):
    area = {OWN: "C1V1G1", OTHER: "C2V1G1"}[which]
    seen = set()
    for output in house.callbacks:
        for body in probes(house, output, house.numbers[which], area):
            answer = house.call(user, body)
            assert answer.status_code in (200, 204), (output, answer.text)
            words = json.dumps(answer.json(), ensure_ascii=False) if answer.content else ""
            # the access log names the body of an account that came, whatever case that body holds, and so do accounts
            known = OF_ACCOUNTS if output in ("audit-box.children", USERS_BOX, PROFILE_BOX) else ()
            found = [secret for secret in SECRETS[which] if secret in words and secret not in known]
            if output in SHOW_A_CASE and user in READERS[which]:
                seen |= set(found)
                continue
            assert not found, (user, output, body["inputs"], body["state"])
            assert PLACES[which] not in words or user in SEES_PLACE[which], (user, output, body["inputs"])
    assert seen == (set(SECRETS[which]) if user in READERS[which] else set())


@pytest.mark.parametrize("user", [*USERS, *WALLS])
@pytest.mark.parametrize("output", sorted(SHOW_A_CASE))
def test_a_case_that_is_not_for_one_is_like_one_that_does_not_exist(house: House, user: str, output: str):
    number = {"chosen-case.data", "sheet-case.data"}
    for which, case_no in house.numbers.items():
        if user in READERS[which]:
            continue
        real, none = (
            house.call(user, house.body(output, dict.fromkeys(number, value))).text for value in (case_no, NOWHERE)
        )
        assert real == none, (user, which)


def test_nobody_calls_a_callback(house: House):
    for output in house.callbacks:
        answer = house.call(None, house.body(output, {}))
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("user", [*USERS, *WALLS])
def test_accounts_and_displays_are_shown_to_an_admin_alone_and_the_own_account_to_each(house: House, user: str):
    address = "users-query.data"
    for output, shown in ((USERS_BOX, "dispatcher.c2"), (DISPLAYS_BOX, "wall.c1")):
        for query in (None, "", "?q=", "?q=%00", "?role=system", "?area=C2&state=x", "?after=a%25"):
            answer = house.call(user, house.body(output, {address: query}))
            assert answer.status_code == 200, answer.text
            assert user == "admin" or shown not in answer.text.replace(user, ""), (user, output, query)
        assert (shown in house.call(user, house.body(output, {})).text) == (user == "admin")
    own = house.call(user, house.body(PROFILE_BOX, {"profile-refresh.data": {"at": 1, "focus": "x"}})).text
    assert ("profile-sessions" in own) == (user not in WALLS)
    for wrong in ({"at": "1", "focus": "x"}, {"at": 1}, {"at": 1, "focus": "x", "more": 1}, "x", 5, []):
        answer = house.call(user, house.body(PROFILE_BOX, {"profile-refresh.data": wrong}))
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("user", ["wall", "wall.c1", "admin", "handler.fire"])
def test_the_database_shows_no_case_even_to_a_reader_that_forgets_to_ask(house: House, user: str):
    """Row level security by itself, table by table: whatever names a case."""
    database = house.world.database
    with database.owning() as connection:
        tables = connection.execute(
            text(
                "SELECT DISTINCT c.table_name FROM information_schema.columns c JOIN pg_class r ON r.relname = c.table_name"
                " WHERE c.table_schema = 'public' AND c.column_name = 'case_no' AND r.relrowsecurity"
                " AND has_table_privilege('gridboard_app', r.oid, 'SELECT')"
                " AND NOT r.relispartition"
            )
        ).scalars()
        tables = [name for name in tables if name not in ("delivery",) or user != "admin"]
    assert {"cases", "case_event", "outbox", "case_claim", "case_presence", "case_notice"} <= set(tables)
    if user in WALLS:
        token = house.clients[user].headers["Referer"].rsplit("=", 1)[1]
        found = accounts.display_viewer(database, token)
        assert found is not None
        viewer = found[0]
    else:
        viewer = house.world.viewers[user]
    with database.reading(viewer) as connection:
        for name in tables:
            assert connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar() == 0, (user, name)


def test_a_wall_still_shows_that_there_are_cases(house: House):
    items = house.clients["wall"].get("/api/markers").json()["items"]
    assert len(items["lon"]) == 2 and items["case_no"] == ["", ""] and "version" not in items
    assert len(house.clients["wall.c1"].get("/api/markers").json()["items"]["lon"]) == 1
    assert house.clients["wall"].get("/api/areas/C/summary").json()["open"] == 2
    assert house.clients["wall"].get("/api/areas/C1V1G1/why").status_code == 403


#: What no pattern of ours has matched.
NO_MATCHES = (
    None, 5, "x", {}, {"id": "x", "property": "n_clicks", "value": 1}, [None], [[]], [{}], [{"id": "x"}],
    [{"id": {"type": "x", "key": "1"}, "property": "n_clicks", "value": 1}],
)  # fmt: skip


def crooked(body: dict, output: str) -> Iterator[object]:
    """What is no call of this callback, in many ways."""
    yield from ({}, [], None, 5, "x", [body])
    yield from ({**body, "output": wrong} for wrong in (None, 5, [], {}, "", "nothing.children", "__proto__", output + "."))
    for part in ("inputs", "state"):
        yield from ({**body, part: wrong} for wrong in (None, 5, "x", {}, [None], [[]], [{}], body[part] + [body[part]]))
        yield {**body, part: [*body[part], {"id": "x", "property": "data", "value": 1}]}
        yield {**body, part: body[part] * 2000 + [{}]}
        for place, one in enumerate(body[part]):
            if isinstance(one, list):
                yield from ({**body, part: [*body[part][:place], wrong, *body[part][place + 1 :]]} for wrong in NO_MATCHES)
                continue
            for change in (
                {"id": "other"}, {"id": {"type": "x"}}, {"id": None}, {"property": "style"}, {"property": None},
                {"__proto__": {}, "id": []}, {"value": {"a": {"b": [1]}}}, {"value": [1] * 5000},
                {"value": "x" * 5000}, {"value": ["x"]}, {"value": True, "id": 7},
            ):  # fmt: skip
                yield {**body, part: [*body[part][:place], {**one, **change}, *body[part][place + 1 :]]}
            yield {**body, part: [*body[part][:place], one["id"], *body[part][place + 1 :]]}
    yield from ({**body, "outputs": wrong} for wrong in (None, 5, "x", [], {}, [{}], [body["outputs"]] * 3, {"id": {"a": 1}}))
    for wrong in (None, 5, "x", {}, [None], [{}], ["nothing.data"], ['{"a":'], ["."] * 3000, [["x"]]):
        yield {**body, "changedPropIds": wrong}
    yield from ({**body, "parsedChangedPropsIds": wrong} for wrong in (5, "x", {"a": 1}))


def test_a_crooked_call_is_refused_and_tells_nothing(house: House):
    for output in house.callbacks:
        for body in crooked(house.body(output, {}), output):
            answer = house.call("leader", body)
            shown = json.dumps(body)[:200]
            assert 400 <= answer.status_code < 500, (output, shown, answer.status_code)
            assert "Traceback" not in answer.text and "Error" not in answer.text, (output, shown)
    for output in house.in_browser:
        body = {"output": output, "outputs": {}, "inputs": [], "changedPropIds": []}
        assert house.call("leader", body).status_code == 400, output


def test_values_at_the_edge_are_answered(house: House):
    """A refresh is a time in milliseconds, a text is any text: nothing of it is an error of the server."""
    for output, one in house.callbacks.items():
        names = [f"{spec['id']}.{spec['property']}" for spec in (*one["inputs"], *one["state"])]
        for value in ("", "'; DROP TABLE cases --", "%", "\u202e", "9" * 400, "/case/", "/case/%00", "?case=%ff&area=%zz"):
            for name in filter(takes_text, names):
                answer = house.call("leader", house.body(output, {name: value}))
                assert answer.status_code == 200, (output, name, value, answer.text)
        for value in (0, 1773115200000, 1.5, None):
            for name in (name for name in names if name in ("scene-refresh.data", "case-refresh.data")):
                assert house.call("leader", house.body(output, {name: value})).status_code == 200, (output, value)


def test_what_a_callback_answers_is_json_and_travels_compressed(house: House):
    body = house.body("..rail.children...breadcrumb.children...charts-held.data...scene.data..", {"area.data": "C"})
    packed = house.call("leader", body)
    plain = house.clients["leader"].post("/_dash-update-component", json=body, headers={"Accept-Encoding": "identity"})
    for answer in (packed, plain):
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("application/json")
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert "Accept-Encoding" in packed.headers["vary"]
    assert packed.json()["response"].keys() == plain.json()["response"].keys()
    assert int(packed.headers["content-length"]) < len(packed.content) / 2
