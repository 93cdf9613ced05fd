"""A case as a file: the PDF read back, the picture of its way, and who may have them."""

from __future__ import annotations

import contextlib
import io
import os
import re
import signal
import threading
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from rules.errors import Problem
from tests.integration.web.conftest import Site
from web.pdf import Printer
from web.pdf_worker import set_page


@pytest.fixture
def case_no(site: Site) -> str:
    """A case that was dispatched, returned, dispatched to another body and signed, with markup in its texts."""
    client = site.client("dispatcher")
    lon, lat = site.world.point_in("C1V1G1")
    form = {
        "kind": "dispute", "category": "neighbour", "title": "噪音 <b>扰民</b>", "lon": lon, "lat": lat,
        "description": "<img src=x onerror=alert(1)> 夜间施工",
    }  # fmt: skip
    case = client.post("/api/cases", json=form).json()
    for move, who, more in (
        ("accept", "dispatcher", {}),
        ("assess", "dispatcher", {}),
        ("dispatch", "dispatcher", {"to": site.world.organisations["justice-C1"]}),
        ("return", "handler", {"reason": "不属本单位 <script>"}),
        ("dispatch", "dispatcher", {"to": site.world.organisations["mediators-C"]}),
        ("remind", "leader", {}),
    ):
        answer = site.client(who).post(
            f"/api/cases/{case['case_no']}/moves", json={"move": move, "version": case["version"], **more}
        )
        assert answer.status_code == 200, answer.text
        case = answer.json()
    return str(case["case_no"])


def words_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        (
            "zh_CN",
            ["各阶段用时", "合计", "流转记录", "退单", "不属本单位<script>", "噪音<b>扰民</b>", "夜间施工", "催办"],
        ),
        ("en", ["Timeineachstage", "Total", "Returned", "不属本单位<script>", "噪音<b>扰民</b>", "Reminded"]),
    ],
)
def test_the_record_holds_the_whole_trace_in_the_readers_language(site: Site, case_no: str, locale: str, words):
    client = site.client("dispatcher")
    with site.world.database.owning() as connection:
        connection.execute(text("UPDATE app_user SET locale = :locale"), {"locale": locale})
    answer = client.get(f"/api/cases/{case_no}/document.pdf")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/pdf"
    assert case_no in answer.headers["content-disposition"]
    told = words_of(answer.content)
    assert case_no in told and [one for one in words if one not in told] == []
    fonts = {
        str(font.get_object().get("/BaseFont"))
        for page in PdfReader(io.BytesIO(answer.content)).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index,union-attr]
    }
    assert any("CJK" in font for font in fonts), "the letters are in the file"


def area_names(site: Site) -> list[str]:
    with site.world.database.owning() as connection:
        return list(connection.execute(text("SELECT coalesce(names ->> 'zh_CN', short_name) FROM area")).scalars())


def test_the_route_is_drawn_on_land_with_names(site: Site, case_no: str):
    answer = site.client("leader").get(f"/api/cases/{case_no}/route.svg?theme=dark")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    drawing = ElementTree.fromstring(answer.text)
    name = "{http://www.w3.org/2000/svg}"
    groups = {group.get("class"): group for group in drawing.iter(f"{name}g") if group.get("class")}
    numbers = [mark.text for mark in groups["numbers"].iter(f"{name}text")]
    # the sender's centre, which got it back, and the mediators are in one place
    assert numbers == ["1", "2", "3,4"]
    arrows = [path for path in drawing.iter(f"{name}path") if path.get("marker-end")]
    assert len(arrows) == 2
    assert all(label.text for label in groups["stations"]) and len(groups["stations"]) >= 2
    assert [path for path in drawing.iter(f"{name}path") if path.get("class") == "case"], "the case itself"
    assert {label.text for label in groups["areas"]} & set(area_names(site)), "the land has names"
    assert "script" not in answer.text and "噪音" not in answer.text


def test_a_place_is_drawn_alone_with_the_name_of_its_area(site: Site, case_no: str):
    client = site.client("leader")
    case = client.get(f"/api/cases/{case_no}").json()
    drawing = ElementTree.fromstring(client.get(f"/api/cases/{case_no}/route.svg?view=place").text)
    name = "{http://www.w3.org/2000/svg}"
    assert not [path for path in drawing.iter(f"{name}path") if path.get("marker-end")], "no way, no stations"
    assert case["area_name"] in [label.text for label in drawing.iter(f"{name}text")]
    assert client.get(f"/api/cases/{case_no}/route.svg?view=everything").status_code == 422


def test_files_are_for_those_who_see_the_trace(site: Site, case_no: str):
    for user, status in (("dispatcher.c2", 404), ("admin", 403), ("handler.fire", 404), ("leader", 200)):
        for path in ("document.pdf", "route.svg"):
            assert site.client(user).get(f"/api/cases/{case_no}/{path}").status_code == status, (user, path)
    assert site.client().get(f"/api/cases/{case_no}/document.pdf").status_code == 401


def test_nothing_is_fetched_for_a_document(tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="9">secret</text></svg>')
    assert "secret" not in words_of(set_page(f'<p>page</p><img src="{secret.as_uri()}">'))


@pytest.fixture
def printer():
    made = Printer(at_once=2, documents=20)
    yield made
    made.close()


def page_of(number: int) -> str:
    """Letters of many kinds, so that many fonts are loaded."""
    return f"<p>{number} 综治中心 <b>governance</b> <i>مركز</i> ศูนย์ центр</p>" * 30


def resident_kb(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found.group(1)) if found else 0


def test_memory_of_documents_comes_back(printer):
    """Requests come on many threads; the server's own memory stays, and the workers are few and end."""
    before, seen, largest = resident_kb_of_self(), set(), 0
    for number in range(3):
        threads = [threading.Thread(target=printer.print, args=(page_of(number),)) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        workers = printer.workers()
        assert len(workers) <= 2
        seen |= set(workers)
        largest = max([largest, *map(resident_kb, workers)])
    assert len(seen) > 2, "48 documents at 20 a worker are more than two workers' work"
    assert resident_kb_of_self() - before < 60_000
    assert 0 < largest < 700_000
    printer.close()
    assert not [pid for pid in seen if Path(f"/proc/{pid}").exists()]


def resident_kb_of_self() -> int:
    return resident_kb(int(Path("/proc/self").readlink().name))


def test_a_worker_that_dies_costs_one_document(printer):
    assert printer.print(page_of(1)).startswith(b"%PDF")
    [pid] = printer.workers()
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(Problem, match="unavailable"):
        printer.print(page_of(2))
    assert printer.print(page_of(3)).startswith(b"%PDF")


def test_workers_without_work_end():
    printer = Printer(idle_s=0.3)
    printer.print(page_of(1))
    [pid] = printer.workers()
    eventually(lambda: not Path(f"/proc/{pid}").exists())
    assert not printer.workers()


def eventually(condition) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
