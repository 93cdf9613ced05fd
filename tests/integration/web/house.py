"""The application as it is served, over the small invented deployment with two cases in it, and a client for everybody."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from dash import Dash
from fastapi import FastAPI
from sqlalchemy import event, make_url, text

import app as application
import callbacks
from data import accounts
from data.server.cluster import Cluster
from settings import DeploymentSettings
from tests.conftest import settings_for
from tests.integration.web.clients import QuickClient
from tests.integration.web.conftest import ORIGIN, world_of_its_own
from tests.world import NOW, PASSWORD, World

USERS = ("leader", "dispatcher", "dispatcher.c1", "dispatcher.c2", "handler", "handler.fire", "auditor", "admin")
WALLS = {"wall": "C", "wall.c1": "C1"}
OWN, OTHER = "own", "other"
SECRETS = {OWN: ("红砖楼夜里施工", "地下室漏水", "缺一份材料", "justice-C1"), OTHER: ("灰瓦院子排水", "院墙裂开", "等水务来看")}
PLACES = {OWN: "甲村一格", OTHER: "乙村一格"}


class House:
    """The real application over the small world, with two cases in it and a client for everybody."""

    def __init__(self, server: FastAPI, dash: Dash, world: World) -> None:
        self.server, self.world = server, world
        self.callbacks = {name: one for name, one in dash.callback_map.items() if "callback" in one}
        self.in_browser = [name for name, one in dash.callback_map.items() if "callback" not in one]
        self.clients = {user: self._client(user) for user in USERS} | {None: self._client(None)}
        with world.database.owning() as connection:
            tokens = {
                name: accounts.add_display(connection, name=name, area=area, now=NOW) for name, area in WALLS.items()
            }
        for name, token in tokens.items():
            self.clients[name] = self._client(None)
            self.clients[name].headers["Referer"] = f"{ORIGIN}/wall?display={token}"
        self.numbers = {OWN: self._own_case(), OTHER: self._other_case()}

    def _client(self, user: str | None) -> QuickClient:
        client = QuickClient(self.server, base_url=ORIGIN)
        client.headers["Origin"] = ORIGIN
        if user is not None:
            answer = client.post("/api/session", json={"username": user, "password": PASSWORD})
            client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return client

    def _report(self, area: str, title: str, description: str) -> dict:
        lon, lat = self.world.point_in(area)
        form = {"kind": "dispute", "category": "neighbour", "title": title, "description": description}
        answer = self.clients["dispatcher"].post("/api/cases", json=form | {"lon": lon, "lat": lat})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def _move(self, user: str, case: dict, move: str, **inputs) -> dict:
        answer = self.clients[user].post(
            f"/api/cases/{case['case_no']}/moves", json={"move": move, "version": case["version"], **inputs}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _own_case(self) -> str:
        case = self._report("C1V1G1", *SECRETS[OWN][:2])
        for move in ("accept", "assess"):
            case = self._move("dispatcher", case, move)
        case = self._move("dispatcher", case, "dispatch", to=self.world.organisations["justice-C1"])
        self._move("dispatcher", case, "comment", reason=SECRETS[OWN][2])
        return str(case["case_no"])

    def _other_case(self) -> str:
        case = self._report("C2V1G1", *SECRETS[OTHER][:2])
        self._move("dispatcher", case, "comment", reason=SECRETS[OTHER][2])
        return str(case["case_no"])

    def body(self, output: str, values: dict[str, object]) -> dict:
        """A call of a callback as Dash's own page makes it; `values` by id.property, those of a pattern by key."""
        one = self.callbacks[output]
        names = output[2:-2].split("...") if output.startswith("..") else [output]
        outputs = [dict(zip(("id", "property"), name.rsplit(".", 1), strict=True)) for name in names]
        filled = {part: [_filled(spec, values) for spec in one[part]] for part in ("inputs", "state")}
        given = [part if isinstance(part, list) else [part] for part in filled["inputs"]]
        changed = [_name(spec) for part in given for spec in part][:1]
        return {
            "output": output,
            "outputs": outputs if output.startswith("..") else outputs[0],
            **filled,
            "changedPropIds": changed,
            "parsedChangedPropsIds": changed,
        }

    def press(self, output: str, act: str, key: str, *, clicks: int | None = 1, **values: object) -> dict:
        """The call that a press on one of the buttons of a callback makes."""
        [name] = [f"{one['id']}.{one['property']}" for one in self.callbacks[output]["inputs"] if f'"{act}"' in one["id"]]
        return self.body(output, {name: {key: clicks}, **values})

    def call(self, user: str | None, body: object):
        return self.clients[user].post("/_dash-update-component", json=body)


def _filled(spec: dict, values: dict[str, object]) -> object:
    value = values.get(f"{spec['id']}.{spec['property']}")
    if not spec["id"].startswith("{"):
        return {**spec, "value": value}
    found = value if isinstance(value, dict) else {}
    kind = json.loads(spec["id"])
    return [{"id": {**kind, "key": key}, "property": spec["property"], "value": one} for key, one in found.items()]


def _name(spec: dict) -> str:
    identity = spec["id"]
    words = json.dumps(identity, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{identity if isinstance(identity, str) else words}.{spec['property']}"


def open_house(cluster: Cluster, built_world: tuple[str, World]) -> Iterator[House]:
    """For a fixture of a module."""
    made: list[Dash] = []
    register = callbacks.register_all
    with (
        world_of_its_own(cluster, built_world) as world,
        mock.patch.object(callbacks, "register_all", lambda dash, services: (made.append(dash), register(dash, services))),
    ):
        with world.database.owning() as connection:
            for code, words in (("C1V1G1", PLACES[OWN]), ("C2V1G1", PLACES[OTHER])):
                connection.execute(
                    text("UPDATE area SET name = :name, names = '{}' WHERE code = :code"), {"name": words, "code": code}
                )
        name = make_url(world.database.owner_url).database or ""
        server = application.create_app(settings_for(cluster, name, deployment=DeploymentSettings(now=NOW)))
        yield House(server, made[0], world)
        server.state.services.database.close()


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """All that is sent to the database within, openings and commits included."""
    sent: list[str] = []
    engine = house.server.state.services.database._app

    def note(_connection, _cursor, statement, *_: object) -> None:
        # nobody waits for the access log: a thread writes it
        if threading.current_thread().name != "access log":
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
