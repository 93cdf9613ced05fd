"""An older backup is restored while pages are open: they draw what happens in the restored world, and not the one that is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from data.server.archive import backup, restore
from data.server.cluster import Cluster
from tests.conftest import cloned, opened, settings_for
from tests.e2e.conftest import served
from tests.steps.browser import asked, painted, put_in_queue, until


@pytest.fixture(scope="module")
def name(cluster: Cluster, demo_template: str) -> Iterator[str]:
    yield from cloned(cluster, demo_template)


@pytest.fixture(scope="module")
def site(cluster: Cluster, name: str) -> Iterator[str]:
    with served(settings_for(cluster, name)) as address:
        yield address


def report(page: Page, count: int) -> list[str]:
    like = asked(page, "GET", "/api/cases?limit=1")["items"][0]
    form = {field: like[field] for field in ("kind", "category", "lon", "lat")}
    return [put_in_queue(page, form | {"title": f"恢复测试 {number}"})["case_no"] for number in range(count)]


def begin_anew(cluster: Cluster, name: str, file: Path) -> None:
    cluster.run_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    cluster.make_database(name)
    database = opened(cluster, name)
    restore(database, file)
    database.close()


def test_open_pages_follow_the_restored_world(
    logged_in: Callable[..., Page], cluster: Cluster, name: str, tmp_path: Path
) -> None:
    expect.set_options(timeout=60_000)
    page, desk = logged_in("leader"), logged_in("dispatcher")
    page.goto("/map")
    painted(page)
    expect(page.locator("#live-status[data-state=live]")).to_be_attached()
    database = opened(cluster, name)
    backup(database, tmp_path / "before.dump")
    database.close()
    open_before = int(page.locator("#count-open").inner_text())
    gone = report(desk, 3)
    expect(page.locator("#count-open")).to_have_text(str(open_before + 3))
    begin_anew(cluster, name, tmp_path / "before.dump")
    until(page, "fetch('/healthz').then((answer) => answer.ok)")
    expect(page.locator("#count-open")).to_have_text(str(open_before))
    # fewer than were there before: their numbers are lower than those that the page has seen
    fresh = report(desk, 2)
    expect(page.locator("#count-open")).to_have_text(str(open_before + 2))
    listed = {case["case_no"] for case in asked(page, "GET", "/api/cases?status=open&limit=500")["items"]}
    assert set(fresh) <= listed and len(set(gone) - set(fresh)) == len(set(gone) - listed)
    until(page, "gridboard.markers()", len(page.request.get("/api/markers").json()["items"]["case_no"]))
    expect(page.locator("#live-status[data-state=live]")).to_be_attached()
