from __future__ import annotations
from data.commands import scans
from tests.conftest import DEMO_NOW, opened, cloned, settings_for
from tests.e2e.conftest import served
import pytest, time

@pytest.fixture(scope="module")
def site(cluster, demo_template):
    for name in cloned(cluster, demo_template):
        db = opened(cluster, name)
        n,_ = scans._begin(db, DEMO_NOW, "system"); t=time.time(); scans.run(db, n, DEMO_NOW); print("scan s", time.time()-t)
        with served(settings_for(cluster, name)) as address:
            yield address

def test_look(logged_in):
    page = logged_in("leader", width=1366, height=768)
    page.goto("/map"); page.wait_for_timeout(3000)
    print(page.evaluate("fetch('/api/clusters').then(r=>r.json()).then(j=>JSON.stringify(j.items.map(i=>[i.category,i.observed,i.expected,i.p,i.radius_m,i.from]),null,0))"))
    page.screenshot(path="/tmp/c1.png")
    r = page.evaluate("fetch('/api/clusters').then(r=>r.json()).then(j=>j.items[0]?.id)")
    page.goto(f"/map?cluster={r}"); page.wait_for_timeout(3000)
    page.screenshot(path="/tmp/c2.png")
