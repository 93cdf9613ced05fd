"""How people have set up their lists: kept on the server, each person's own."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from data import accounts, list_settings
from rules.case_columns import ListSetting
from tests.integration.web.conftest import Site
from tests.world import NOW

OPEN = "/api/profile/lists/open"
CHOSEN = {"columns": ["case", "holder", "due_at"], "sort": "-reported_at"}


def settings(client) -> dict[str, dict]:
    return {one["list"]: one for one in client.get("/api/profile/lists").json()["items"]}


def test_columns_and_order_follow_the_person_and_can_be_given_up(site: Site):
    assert site.client("leader").put(OPEN, json=CHOSEN).json() == {"list": "open", "usual": False} | CHOSEN
    elsewhere = site.client("leader")
    assert settings(elsewhere)["open"]["columns"] == CHOSEN["columns"]
    assert settings(elsewhere)["waiting"]["usual"]
    assert elsewhere.put(OPEN, json={"columns": ["case"]}).status_code == 200
    assert (settings(elsewhere)["open"]["columns"], settings(elsewhere)["open"]["sort"]) == (["case"], "")
    assert elsewhere.delete(OPEN).status_code == 204 == elsewhere.delete(OPEN).status_code
    usual = settings(site.client("leader"))["open"]
    assert usual == {"list": "open", "columns": ["mark", "case", "clock"], "sort": "", "usual": True}


def test_nobody_reads_or_changes_anothers(site: Site):
    site.client("leader").put(OPEN, json=CHOSEN)
    other = site.client("dispatcher")
    assert settings(other)["open"]["usual"]
    assert other.delete(OPEN).status_code == 204
    assert not settings(site.client("leader"))["open"]["usual"]
    world = site.world
    with world.database.reading(world.viewers["dispatcher"]) as connection:
        assert connection.execute(text("SELECT count(*) FROM list_setting")).scalar_one() == 0
    with pytest.raises(Exception, match="row-level security"), world.database.writing(world.viewers["dispatcher"]) as connection:
        list_settings.keep(connection, world.viewers["leader"], "open", ListSetting(("case",)), NOW)


def test_who_reads_no_case_has_no_list(site: Site):
    with site.world.database.owning() as connection:
        token = accounts.add_display(connection, name="hall", area="C", now=NOW)
    assert site.client().get(f"/api/profile/lists?display={token}").status_code == 403
    for user in ("auditor", "admin"):
        client = site.client(user)
        assert {client.get("/api/profile/lists").status_code, client.put(OPEN, json=CHOSEN).status_code} == {403}


@pytest.mark.parametrize(
    "form",
    [
        {"columns": []}, {"columns": ["case", "case"]}, {"columns": ["description"]}, {"columns": "case"}, {"sort": "title"},
        {"columns": ["case"], "sort": "queue"}, {"columns": ["case"], "sort": "; drop"}, {"columns": ["case"], "width": 3},
    ],
)  # fmt: skip
def test_what_is_no_setting_is_refused(site: Site, form: dict):
    client = site.client("leader")
    assert client.put(OPEN, json=form).status_code == 422
    assert client.put("/api/profile/lists/other", json=CHOSEN).status_code == 422
    assert settings(client)["open"]["usual"]


def test_a_column_that_is_gone_leaves_the_others(site: Site):
    client = site.client("leader")
    client.put(OPEN, json=CHOSEN)
    with site.world.database.owning() as connection:
        connection.execute(text("UPDATE list_setting SET columns = '{gone,holder}', sort = 'gone'"))
    assert (settings(client)["open"]["columns"], settings(client)["open"]["sort"]) == (["holder"], "")
    with site.world.database.owning() as connection:
        connection.execute(text("UPDATE list_setting SET columns = '{gone}'"))
    assert settings(client)["open"]["usual"]
