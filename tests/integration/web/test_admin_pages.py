"""What an admin presses on /messages and /automatic, by the callbacks that the pages call: the same rights, words and
effects as by the API; nothing for others, and nothing by a call that no page makes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from data.server.cluster import Cluster
from tests.integration.web.house import USERS, WALLS, House, open_house
from tests.world import NOW

MESSAGES = "..messages-box.children...messages-view.data...messages-told.data.."
AUTOMATIC = "..automatic-box.children...automatic-told.data.."
REASON = '{"key":["ALL"],"type":"pause-reason"}.value'
VIEW = "messages-view.data"
#: Every button: the callback, what it does, and to what.
PRESSES = (
    (MESSAGES, "send-again", "1"), (MESSAGES, "send-all-again", "all"), (MESSAGES, "pause-route", "mail"),
    (MESSAGES, "resume-route", "sms"), (AUTOMATIC, "automatic-on", "neighbour"), (AUTOMATIC, "automatic-off", "fire"),
)  # fmt: skip
STATE = """
SELECT (SELECT json_agg(json_build_array(id, state) ORDER BY id) FROM delivery) AS deliveries,
       (SELECT json_object_agg(name, state ORDER BY name) FROM message_route) AS routes,
       (SELECT json_agg(category ORDER BY category) FROM auto_dispatch) AS automatic
"""
DELIVERIES = """
INSERT INTO delivery (id, prefecture, outbox_id, route, topic, case_no, organisation_id, payload, path, state, attempts,
                      created_at, next_try_at, last_error)
OVERRIDING SYSTEM VALUE
SELECT n, c.prefecture, n, 'mail', 'case.dispatch', c.case_no, o.id, '{}', c.path, 'dead', 1, :now, :now, 'answered 404'
  FROM generate_series(1, :rows) n, (SELECT * FROM cases ORDER BY case_no LIMIT 1) c,
       (SELECT id FROM organisation ORDER BY id LIMIT 1) o
"""
ROUTES = """
INSERT INTO message_route (name, adapter, state, refusal, reason, since, seen_at)
VALUES ('mail', 'smtp', 'working', '', '', :now, now()), ('sms', 'sms_http', 'paused', 'credentials', 'answered 401', :now, now())
"""


@pytest.fixture(scope="module")
def shared(cluster: Cluster, built_world) -> Iterator[House]:
    yield from open_house(cluster, built_world)


@pytest.fixture
def house(shared: House) -> House:
    """Three dead deliveries, a working route and a paused one, a category that is dispatched automatically."""
    fill(shared, 3)
    with shared.world.database.owning() as connection:
        connection.execute(text("DELETE FROM message_route"))
        connection.execute(text(ROUTES), {"now": NOW})
        connection.execute(text("DELETE FROM auto_dispatch"))
        connection.execute(
            text("INSERT INTO auto_dispatch SELECT 'fire', id, :now FROM app_user WHERE username = 'admin'"),
            {"now": NOW},
        )
    return shared


def fill(house: House, rows: int) -> None:
    with house.world.database.owning() as connection:
        connection.execute(text("DELETE FROM delivery"))
        connection.execute(text(DELIVERIES), {"rows": rows, "now": NOW})


def state(house: House) -> dict:
    with house.world.database.owning() as connection:
        return dict(connection.execute(text(STATE)).mappings().one())


def newest(house: House) -> tuple:
    statement = "SELECT act, object, via FROM access_log ORDER BY seq DESC LIMIT 1"
    with house.world.database.owning() as connection:
        return tuple(connection.execute(text(statement)).one())


def pressed(house: House, output: str, act: str, key: str, **more) -> dict:
    """What the admin's page is answered: properties by id."""
    reason = more.pop("reason", "邮箱更换")
    values = {REASON: {key: reason}} if act == "pause-route" else {}
    answer = house.call("admin", house.press(output, act, key, **values, **more))
    assert answer.status_code == 200, answer.text
    return answer.json()["response"]


@pytest.mark.parametrize(
    ("output", "act", "key", "words", "logged"),
    [
        (MESSAGES, "send-again", "1", "已重新排队发送", ("messages.again", "1")),
        (MESSAGES, "send-all-again", "all", "已重新排队发送", ("messages.again", "all")),
        (MESSAGES, "pause-route", "mail", "通道已暂停", ("route.pause", "mail")),
        (MESSAGES, "resume-route", "sms", "通道已恢复发送", ("route.resume", "sms")),
        (AUTOMATIC, "automatic-on", "neighbour", "已开启自动派单", ("automatic.switch", "neighbour")),
        (AUTOMATIC, "automatic-off", "fire", "已关闭自动派单", ("automatic.switch", "fire")),
    ],
)
def test_a_press_changes_something_tells_it_and_is_logged(house: House, output, act, key, words, logged):
    before = state(house)
    told = pressed(house, output, act, key)
    assert told[output.split("...")[-1].removesuffix(".data..")]["data"]["words"] == words
    assert state(house) != before
    assert newest(house) == (*logged, "page")


def test_a_name_in_any_script_can_be_pressed(house: House):
    with house.world.database.owning() as connection:
        connection.execute(text("UPDATE message_route SET name = '短信 \"一\".号' WHERE name = 'sms'"))
    assert pressed(house, MESSAGES, "resume-route", '短信 "一".号')["messages-told"]["data"]["words"] == "通道已恢复发送"


@pytest.mark.parametrize("user", [user for user in (*USERS, *WALLS) if user != "admin"])
def test_nobody_else_changes_anything(house: House, user: str):
    before = state(house)
    for output, act, key in PRESSES:
        answer = house.call(
            user, house.press(output, act, key, **({REASON: {key: "x"}} if act == "pause-route" else {}))
        )
        assert answer.status_code == 200, answer.text
        assert "mail" not in answer.text and "neighbour" not in answer.text
        told = answer.json()["response"][output.split("...")[-1].removesuffix(".data..")]["data"]
        assert told["bad"], (user, act)
    assert state(house) == before


def test_without_a_login_or_from_another_page_nothing_is_changed(house: House):
    before = state(house)
    for output, act, key in PRESSES:
        body = house.press(output, act, key)
        assert house.call(None, body).json()["code"] == "unauthenticated"
        for origin in ("https://evil.example", "null", ""):
            answer = house.clients["admin"].post("/_dash-update-component", json=body, headers={"Origin": origin})
            assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert state(house) == before


@pytest.mark.parametrize("clicks", [None, 0])
def test_a_button_that_was_only_drawn_does_nothing(house: House, clicks: int | None):
    before = state(house)
    for output, act, key in PRESSES:
        answer = pressed(house, output, act, key, clicks=clicks)
        assert not [name for name in answer if name.endswith("-told")]
    assert state(house) == before


def bent(body: dict, place: int) -> Iterator[dict]:
    """A press with something wrong in it."""
    [one] = body["inputs"][place]

    def put(*given: object) -> dict:
        return {**body, "inputs": [*body["inputs"][:place], list(given), *body["inputs"][place + 1 :]]}

    identity = one["id"]
    for wrong in (
        None, "x", 5, [], {}, {"type": identity["type"]}, {**identity, "type": "x"}, {**identity, "type": None},
        {**identity, "key": 1}, {**identity, "key": ""}, {**identity, "key": None}, {**identity, "key": ["1"]},
        {**identity, "key": "1" * 65}, {**identity, "more": "x"}, {"key": identity["key"], "kind": identity["type"]},
    ):  # fmt: skip
        yield put({**one, "id": wrong})
    yield from (put({**one, "value": wrong}) for wrong in ("1", 1.5, True, [1], {"n": 1}))
    yield from (put({**one, "property": wrong}) for wrong in (None, "n_clicks_timestamp", 5))
    yield put(one, one)
    yield put(*({**one, "id": {**identity, "key": str(number)}} for number in range(1001)))
    yield {**body, "changedPropIds": ['{"key":"2","type":"send-again"}.n_clicks']}
    yield {**body, "changedPropIds": [f"{one['id']}.{one['property']}"]}
    yield {**body, "inputs": body["inputs"][:-1]}


@pytest.mark.parametrize(("output", "act", "key"), PRESSES)
def test_a_call_that_no_page_makes_is_refused(house: House, output: str, act: str, key: str):
    before, body = state(house), house.press(output, act, "7" if act == "send-again" else key)
    [place] = [place for place, given in enumerate(body["inputs"]) if given]
    for wrong in bent(body, place):
        answer = house.call("admin", wrong)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request"), wrong
    assert state(house) == before


@pytest.mark.parametrize(
    "view", [{"state": "lost"}, {"state": 5}, {"before": "1"}, {"x": 1}, [], "dead", {"state": None}]
)
def test_a_view_that_no_page_has_is_refused(house: House, view: object):
    assert house.call("admin", house.press(MESSAGES, "messages-state", "sent", **{VIEW: view})).status_code == 400


@pytest.mark.parametrize("reason", [["x"], 5, {"a": 1}, "x" * 4001])
def test_a_reason_that_nobody_types_is_refused(house: House, reason: object):
    before = state(house)
    answer = house.call("admin", house.press(MESSAGES, "pause-route", "mail", **{REASON: {"mail": reason}}))
    assert answer.status_code == 400
    assert state(house) == before


@pytest.mark.parametrize("reason", [None, "", "   ", "x" * 300, "联系 13800138000"])
@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_wrong_reason_is_told_in_the_words_of_the_api_and_stays_to_be_mended(
    house: House, reason: str | None, locale: str
):
    before, client = state(house), house.clients["admin"]
    client.post("/api/locale", json={"locale": locale})
    said = client.post("/api/outbox/routes/mail/pause", json={"reason": reason or ""}).json()["detail"]
    answer = pressed(house, MESSAGES, "pause-route", "mail", reason=reason)
    client.post("/api/locale", json={"locale": "zh_CN"})
    assert answer == {
        "messages-told": {"data": {"words": said, "bad": True, "focus": ['{"key":"mail","type":"pause-reason"}']}}
    }
    assert state(house) == before


@pytest.mark.parametrize(
    ("output", "act", "key"),
    [
        (MESSAGES, "send-again", "99"), (MESSAGES, "send-again", "9" * 60), (MESSAGES, "send-again", "½"),
        (MESSAGES, "pause-route", "pigeon"), (MESSAGES, "resume-route", "'; --"), (AUTOMATIC, "automatic-on", "none"),
        (AUTOMATIC, "automatic-off", "none"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told_and_the_page_drawn_again(house: House, output: str, act: str, key: str):
    before = state(house)
    answer = pressed(house, output, act, key)
    missing = house.clients["admin"].post("/api/outbox/routes/pigeon/resume").json()["detail"]
    told = answer[output.split("...")[-1].removesuffix(".data..")]["data"]
    assert (told["words"], told["bad"]) == (missing, True)
    assert answer[output.strip(".").split(".children")[0]]["children"]
    assert state(house) == before


def test_the_second_press_of_a_double_click_finds_it_sent(house: House):
    pressed(house, MESSAGES, "send-again", "1")
    once = state(house)
    told = pressed(house, MESSAGES, "send-again", "1", clicks=2)["messages-told"]["data"]
    assert "bad" not in told and state(house) == once
    assert pressed(house, MESSAGES, "send-again", "1")["messages-told"]["data"]["bad"], "a single one does not"


def test_state_and_page_stay_until_nothing_is_left_on_it(house: House):
    fill(house, 53)
    first = pressed(house, MESSAGES, "messages-state", "dead")["messages-view"]["data"]
    assert first == {"state": "dead", "before": None}
    older = pressed(house, MESSAGES, "messages-older", "4", **{VIEW: first})["messages-view"]["data"]
    assert older == {"state": "dead", "before": 4}
    for number in ("1", "2"):
        assert pressed(house, MESSAGES, "send-again", number, **{VIEW: older})["messages-view"]["data"] == older
    assert pressed(house, MESSAGES, "send-again", "3", **{VIEW: older})["messages-view"]["data"] == first
    waiting = pressed(house, MESSAGES, "messages-state", "waiting", **{VIEW: older})["messages-view"]["data"]
    assert pressed(house, MESSAGES, "resume-route", "sms", **{VIEW: waiting})["messages-view"]["data"] == {
        "state": "waiting",
        "before": None,
    }
