"""deploy/nginx.conf with Debian's nginx in front of the application: what the document on operations promises."""

from __future__ import annotations

import contextlib
import os
import re
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from data.server.cluster import Cluster
from tests.integration.web.conftest import served, site_with, world_of_its_own
from tests.ports import free_port
from tests.world import PASSWORD, World

CONF = Path(__file__).parents[3] / "deploy" / "nginx.conf"
PUBLIC = "https://board.example"
MAIN = """
daemon off; {user} worker_processes 1; pid {home}/pid; error_log {home}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u;
    scgi_temp_path {home}/s;
    include {home}/site.conf;
}}
"""


@dataclass
class Front:
    """nginx before the application, and how a browser gets to it."""

    world: World
    plain: int
    port: int
    certificate: Path

    def client(self) -> httpx.Client:
        context = ssl.create_default_context(cafile=str(self.certificate))
        context.check_hostname = False  # the address is the loopback's, the name that of the certificate
        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.port}",
            verify=context,
            headers={"Host": "board.example", "Origin": PUBLIC},
            timeout=30,
        )

    def person(self, user: str, **headers: str) -> httpx.Client:
        client = self.client()
        client.headers.update(headers)
        answer = client.post("/api/session", json={"username": user, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        # httpx keeps no cookie of a name that it did not connect to
        client.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]
        return client


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tls") / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
         "/CN=board.example", "-addext", "subjectAltName=DNS:board.example", "-keyout", made.with_suffix(".key"), "-out", made],
        check=True, capture_output=True,
    )  # fmt: skip
    return made


@pytest.fixture(scope="module")
def front(cluster: Cluster, built_world, certificate: Path, tmp_path_factory) -> Iterator[Front]:
    home = tmp_path_factory.mktemp("nginx")
    with world_of_its_own(cluster, built_world) as world:
        site = site_with(
            world,
            trusted_proxies=("127.0.0.1",),
            allowed_origins=(PUBLIC,),
            allowed_hosts=("board.example",),
            secure_cookies=True,
        )
        with served(site.server) as base:
            found = Front(world, free_port(), free_port(), certificate)
            with nginx(home, found, base.removeprefix("http://")):
                yield found


@contextlib.contextmanager
def nginx(home: Path, front: Front, backend: str) -> Iterator[None]:
    """Debian's nginx with our file; only addresses and the place of the certificate are the test's own."""
    site = CONF.read_text("utf-8")
    site = re.sub(r"\n *listen \[::\]:\d+.*;", "", site)
    for ours, theirs in (
        ("listen 80;", f"listen 127.0.0.1:{front.plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{front.port} ssl"),
        ("server 127.0.0.1:8050;", f"server {backend};"),
        ("/etc/gridboard/certificate.pem", str(front.certificate)),
        ("/etc/gridboard/certificate.key", str(front.certificate.with_suffix(".key"))),
    ):
        assert ours in site
        site = site.replace(ours, theirs)
    (home / "site.conf").write_text(site, "utf-8")
    main = home / "nginx.conf"
    main.write_text(MAIN.format(home=home, user="user root;" if os.geteuid() == 0 else ""), "utf-8")
    command = ["/usr/sbin/nginx", "-p", str(home), "-c", str(main), "-e", str(home / "error.log")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            assert process.poll() is None, (home / "error.log").read_text("utf-8")
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{front.plain}/")
                break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(20)


def test_plain_requests_are_led_to_tls(front: Front):
    answer = httpx.get(f"http://127.0.0.1:{front.plain}/map?area=C1", headers={"Host": "board.example"})
    assert (answer.status_code, answer.headers["location"]) == (301, f"{PUBLIC}/map?area=C1")


def test_it_speaks_http_2(front: Front):
    told = subprocess.run(
        ["curl", "-sS", "--http2", "--cacert", front.certificate, "--resolve", f"board.example:{front.port}:127.0.0.1", "-o",
         "/dev/null", "-w", "%{http_version} %{http_code}", f"https://board.example:{front.port}/healthz"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout == "2 200"


def test_a_person_works_behind_it(front: Front):
    client = front.client()
    answer = client.post("/api/session", json={"username": "dispatcher", "password": PASSWORD})
    assert answer.status_code == 200 and "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    works = front.person("dispatcher")
    assert works.get("/api/areas/C/summary").status_code == 200
    lon, lat = front.world.point_in("C1V1G1")
    report = {"kind": "dispute", "category": "neighbour", "title": "噪音扰民", "lon": lon, "lat": lat}
    assert works.post("/api/cases", json=report).status_code == 201
    foreign = works.post("/api/cases", json=report, headers={"Origin": "https://evil.example"})
    assert (foreign.status_code, foreign.json()["code"]) == (403, "foreign_origin")


def test_the_address_in_the_log_is_the_browsers_and_not_what_it_claims(front: Front):
    claims = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
    front.person("leader", **claims).get("/api/areas/C/summary")
    with front.world.database.owning() as connection:
        found = connection.execute(
            text("SELECT address FROM access_log WHERE act = 'login' AND account = 'leader' ORDER BY seq DESC LIMIT 1")
        ).scalar_one()
    assert found == "127.0.0.0/24"


def test_events_come_through_at_once(front: Front):
    """Nothing collects the stream: an event that is made while it is open is read before it ends."""
    client, seen = front.person("dispatcher"), ""
    lon, lat = front.world.point_in("C1V1G1")
    report = {"kind": "dispute", "category": "neighbour", "title": "噪音扰民", "lon": lon, "lat": lat}
    made: list[str] = []

    def report_one() -> None:
        made.append(front.person("dispatcher").post("/api/cases", json=report).json()["case_no"])

    with client.stream("GET", "/api/live", timeout=30) as stream:
        assert stream.status_code == 200
        for piece in stream.iter_text():
            seen += piece
            if "event: snapshot" in seen and not made:
                thread = threading.Thread(target=report_one)
                thread.start()
                thread.join()
            if made and made[0] in seen:
                break
    assert made[0] in seen


def test_what_is_too_large_is_refused_in_words(front: Front):
    answer = front.person("dispatcher").post("/api/cases", json={"title": "长" * 500_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_operating_figures_and_foreign_names_stay_outside(front: Front):
    assert front.client().get("/metrics").status_code == 404
    answer = front.client().get("/api/cases", headers={"Host": "evil.example", "Origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (421, "wrong_host")
