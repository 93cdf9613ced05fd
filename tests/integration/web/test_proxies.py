"""Behind a proxy, beside neighbours, under a foreign name: who is believed, and who still comes in."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import httpx
import pytest
from fastapi.testclient import TestClient
from starlette.datastructures import Headers

from data import accounts
from data.server.cluster import Cluster
from settings import (
    SettingsError,
    load_settings,
)
from tests.integration.web.conftest import Site, served, site_with, world_of_its_own
from tests.world import NOW, PASSWORD, World
from web.middleware.authentication import is_loopback
from web.middleware.hosts import Hosts, is_host, name_of
from web.middleware.origin import is_own
from web.middleware.proxies import Proxies

PUBLIC = "https://board.example"


@pytest.fixture(scope="module")
def world(cluster: Cluster, built_world) -> Iterator[World]:
    """One world for all: what is changed here, is changed under names of its own."""
    with world_of_its_own(cluster, built_world) as found:
        yield found


def new_wall(world: World) -> str:
    with world.database.owning() as connection:
        return accounts.add_display(connection, name=secrets.token_hex(4), area="C", now=NOW)


def through(site: Site, base: str = "http://backend:8050", peer: str = "10.0.0.2", **headers: str) -> TestClient:
    client = TestClient(site.server, base_url=base, client=(peer, 50000), raise_server_exceptions=False)
    client.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return client


def log_in(client: TestClient, user: str = "dispatcher", password: str = PASSWORD):
    answer = client.post("/api/session", json={"username": user, "password": password})
    if answer.status_code == 200:
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return answer


CALL = {"output": "page.children", "outputs": {"id": "page", "property": "children"}, "changedPropIds": ["url.pathname"],
        "inputs": [{"id": "url", "property": "pathname", "value": "/map"}], "state": []}  # fmt: skip
OWN_NAMES = ("http://backend:8050", "http://127.0.0.1:8050", "http://10.1.2.3:8050", "http://gridboard.internal",
    "http://testserver")


@pytest.mark.parametrize("base", OWN_NAMES)
def test_a_wall_works_behind_a_proxy_with_a_name_of_its_own(world: World, base: str):
    site = site_with(world, allowed_origins=(PUBLIC,))
    token = new_wall(world)
    client = through(site, base)
    page = {"Referer": f"{PUBLIC}/wall?display={token}"}
    assert client.get("/api/areas/C/summary", headers=page).status_code == 200
    answer = client.post("/_dash-update-component", json=CALL, headers={**page, "Origin": PUBLIC})
    assert answer.status_code == 200, answer.text
    assert site.seen == ["display"]
    foreign = {"Referer": f"https://evil.example/wall?display={token}"}
    assert client.get("/api/areas/C/summary", headers=foreign).status_code == 401


@pytest.mark.parametrize("base", OWN_NAMES)
def test_the_page_of_a_wall_is_drawn_behind_such_a_proxy(whole, base: str):
    server, world = whole
    client = TestClient(server, base_url=base, client=("10.0.0.2", 50000), raise_server_exceptions=False)
    token = new_wall(world)
    assert client.get(f"/wall?display={token}").status_code == 200
    told = {"Referer": f"{PUBLIC}/wall?display={token}", "Origin": PUBLIC}
    given = {"url.pathname": "/wall", "url.search": f"?display={token}"}
    for one in client.get("/_dash-dependencies", headers=told).json():
        if one["output"] == "page.children":
            filled = [[{**part, "value": given.get(f"{part['id']}.{part['property']}")} for part in one[name]]
                      for name in ("inputs", "state")]  # fmt: skip
            call = {"output": "page.children", "outputs": {"id": "page", "property": "children"}, "changedPropIds": [],
                    "inputs": filled[0], "state": filled[1]}  # fmt: skip
            answer = client.post("/_dash-update-component", json=call, headers=told)
            assert (answer.status_code, "wall" in answer.text) == (200, True)
            break
    else:
        raise AssertionError("no callback draws the page")


@pytest.mark.parametrize("base", OWN_NAMES)
def test_a_person_works_behind_such_a_proxy(world: World, base: str):
    client = through(site_with(world, allowed_origins=(PUBLIC,)), base, Origin=PUBLIC, Referer=f"{PUBLIC}/login")
    form = {"username": "dispatcher", "password": PASSWORD}
    assert client.post("/login", data=form, follow_redirects=False).status_code == 303
    assert client.get("/api/session").status_code == 200
    assert client.post("/_dash-update-component", json=CALL).status_code == 200
    evil = through(site_with(world, allowed_origins=(PUBLIC,)), base, Origin="https://evil.example")
    assert evil.post("/login", data=form, follow_redirects=False).status_code == 403


def test_a_trusted_proxy_says_which_host_was_asked(world: World):
    told = {"X-Forwarded-Host": "board.example", "X-Forwarded-Proto": "https", "Origin": PUBLIC, "X-Forwarded-For": "203.0.113.9"}
    trusting = site_with(world, trusted_proxies=("10.0.0.0/8",), allowed_hosts=("board.example",))
    client = through(trusting)
    client.headers.update(told)
    assert log_in(client).status_code == 200
    assert client.post("/_dash-update-component", json=CALL).status_code == 200
    liar = through(trusting, peer="192.0.2.66")
    liar.headers.update(told)
    assert log_in(liar).json()["code"] == "foreign_origin"


def test_the_live_stream_through_a_proxy(world: World):
    """Over a real socket: nothing holds a stream back, and its wall is known by the page of the public name."""
    site = site_with(world, allowed_origins=(PUBLIC,), trusted_proxies=("127.0.0.1",))
    token = new_wall(world)
    headers = {"Host": "backend:8050", "Referer": f"{PUBLIC}/wall?display={token}", "X-Forwarded-For": "203.0.113.9",
               "X-Forwarded-Host": "board.example", "X-Forwarded-Proto": "https"}  # fmt: skip
    seen = ""
    with served(site.server) as base, httpx.stream("GET", f"{base}/api/live", headers=headers, timeout=20) as stream:
        assert stream.status_code == 200
        for piece in stream.iter_text():
            seen += piece
            if "event: heartbeat" in seen:
                break
    assert "event: snapshot" in seen


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "Via"])
def test_nobody_else_chooses_his_own_address(world: World, header: str):
    site = site_with(world, trusted_proxies=("10.0.0.0/8",))
    codes, peer = [], f"192.0.2.{len(header) + 60}"
    for number in range(130):
        client = through(site, peer=peer)
        client.headers[header] = f"203.0.113.{number}"
        codes.append(log_in(client, f"{header}{number}", "x").status_code)
    assert codes[-1] == 429


def test_behind_a_trusted_proxy_each_browser_is_counted_by_itself(world: World):
    site = site_with(world, trusted_proxies=("10.0.0.0/8", "unix"))
    for number in range(130):
        assert log_in(through(site, X_Forwarded_For=f"203.0.113.{number}"), f"each{number}", "x").status_code == 401
    # what a browser claims itself stands before what the proxy adds
    codes = [
        log_in(through(site, X_Forwarded_For=f"198.51.100.{number}, 203.0.113.250"), f"other{number}", "x").status_code
        for number in range(130)
    ]
    assert codes[-1] == 429


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("203.0.113.9", "203.0.113.9"), ("1.1.1.1, 203.0.113.9", "203.0.113.9"), ("1.1.1.1, 203.0.113.9, 10.0.0.3", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"), ("[2001:db8::1]:4711", "2001:db8::1"), ("2001:db8::1", "2001:db8::1"),
        ("10.0.0.4, 10.0.0.3", "10.0.0.4"), ("203.0.113.9, unknown", None), ("203.0.113.9, ", None), ("", None), ("x", None),
        ("::ffff:203.0.113.9", "203.0.113.9"), ("203.0.113.9, 10.0.0.3:80", "203.0.113.9"),
    ],
)  # fmt: skip
def test_the_last_hop_that_is_not_ours(told: str, address: str | None):
    scope = {"client": ("10.0.0.2", 1), "headers": [(b"x-forwarded-for", told.encode())]}
    assert Proxies(["10.0.0.0/8"]).unwrap(scope)
    assert scope["client"][0] == (address or "10.0.0.2")
    stranger = {"client": ("192.0.2.1", 1), "headers": [(b"x-forwarded-for", told.encode())]}
    assert not Proxies(["10.0.0.0/8"]).unwrap(stranger)
    assert stranger["client"][0] == "192.0.2.1"


def test_several_lines_are_one_list_and_a_socket_is_a_peer_too():
    lines = [(b"x-forwarded-for", b"1.1.1.1"), (b"x-forwarded-for", b"203.0.113.9")]
    scope = {"client": None, "headers": lines, "scheme": "http"}
    assert Proxies(["unix"]).unwrap(scope)
    assert scope["client"][0] == "203.0.113.9"
    assert not Proxies(["10.0.0.1"]).unwrap({"client": None, "headers": lines})


@pytest.mark.parametrize("value", ["evil.example/x", "a b", "", "a\r\nb", "[::1", "a:b", "x" * 300])
def test_a_crooked_forwarded_host_or_scheme_changes_nothing(value: str):
    scope = {"client": ("10.0.0.2", 1), "scheme": "http",
             "headers": [(b"host", b"backend"), (b"x-forwarded-host", value.encode()), (b"x-forwarded-proto",
             value.encode())]}  # fmt: skip
    Proxies(["10.0.0.0/8"]).unwrap(scope)
    assert (dict(scope["headers"])[b"host"], scope["scheme"]) == (b"backend", "http")


@pytest.mark.parametrize("value", ["10.0.0.300", "board.example", "10.0.0.0/33", "*", "unix:", "0.0.0.0/0", "::/0",
    "10.0.0.1 10.0.0.2"])
def test_a_wrong_setting_is_one_line(monkeypatch, value: str):
    monkeypatch.setenv("GRIDBOARD_TRUSTED_PROXIES", f"10.0.0.1,{value}")
    with pytest.raises(SettingsError, match=r"^GRIDBOARD_TRUSTED_PROXIES=") as refused:
        load_settings()
    assert "\n" not in str(refused.value)


def test_a_wrong_setting_ends_the_server_with_two(monkeypatch):
    import subprocess
    import sys
    from pathlib import Path

    found = subprocess.run(
        [sys.executable, "app.py"], cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "GRIDBOARD_TRUSTED_PROXIES": "nonsense"},
    )  # fmt: skip
    assert found.returncode == 2
    assert found.stdout == ""
    assert len(found.stderr.strip().splitlines()) == 1
    assert "GRIDBOARD_TRUSTED_PROXIES" in found.stderr


def test_right_settings_are_taken(monkeypatch):
    monkeypatch.setenv("GRIDBOARD_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8, fd00::/8 ,unix")
    monkeypatch.setenv("GRIDBOARD_ALLOWED_HOSTS", "board.example, [2001:db8::1]:8050")
    server = load_settings().server
    assert server.trusted_proxies == ("127.0.0.1", "10.0.0.0/8", "fd00::/8", "unix")
    assert server.allowed_hosts == ("board.example", "[2001:db8::1]:8050")


FOREIGN_COOKIES = (
    "a[b]=1", '{"a": "b, c"}', 'prefs={"theme":"dark"}', "n\u00e9=\u00e9", "\u7f51=\u683c", "=", ";;;", "a", "a=b=c", 'a="',
    "a=\\", "a b=1",
    "gridboard=1", "gridboard_session_old=x", "xgridboard_session=y", "gridboard_session=", "gridboard_session=junk",
    "gridboard_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "gridboard_session=\u00e9" + "x" * 20, "$Version=1", "a=1,b=2",
    "\t", "gridboard_locale=xx", "gridboard_device=~~~.", "a=" + "x" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("foreign", FOREIGN_COOKIES)
def test_a_neighbours_cookie_ends_no_login(quiet: Site, foreign: str):
    client = quiet.client("dispatcher")
    own = f"gridboard_session={client.cookies['gridboard_session']}".encode()
    client.cookies.clear()
    other = foreign.encode()
    for line in (other + b"; " + own, own + b"; " + other, own + b";" + other + b";" + other, b" " + other + b" ;" + own):
        assert client.get("/api/session", headers=[(b"cookie", line)]).status_code == 200, line
    assert client.get("/api/session", headers=[(b"cookie", other), (b"cookie", own)]).status_code == 200
    form = {"username": "dispatcher", "password": PASSWORD}
    assert client.post("/login", data=form, headers=[(b"cookie", other)], follow_redirects=False).status_code == 303


REBOUND = ("evil.example", "evil.example:8050", "127.0.0.1.evil.example", "localhost.evil.example:80", "evil.example.",
    "127.0.0.1.nip.io",
           "board.example.evil.example", "xboard.example", "EVIL.example")  # fmt: skip


@pytest.mark.parametrize("host", REBOUND)
def test_a_foreign_name_that_points_here_gets_nothing(quiet: Site, world: World, host: str):
    for site in (quiet, site_with(world, host="192.0.2.1", allowed_hosts=("board.example",))):
        client = site.client()
        for path in ("/login", "/api/session", "/assets/none", "/map", "/metrics"):
            answer = client.get(path, headers={"Host": host}, follow_redirects=False)
            assert answer.status_code == 421, path
        same = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
        login = client.post("/api/session", json={"username": "leader", "password": PASSWORD}, headers=same)
        assert login.json()["code"] == "wrong_host"
        # a page there may write what it likes into headers of its own
        told = {**same, "X-Forwarded-Host": "127.0.0.1", "X-Forwarded-For": "127.0.0.1"}
        assert client.get("/login", headers=told).status_code == 421
        assert client.get("/healthz", headers={"Host": host}).status_code in (200, 503)


@pytest.mark.parametrize("host", ["", "a b", "a/b", "[", "[::1", "a,b", "\u00e9.example", "user@127.0.0.1", "127.0.0.1:x",
    "127.0.0.1#"])
def test_a_host_that_is_none_is_refused(quiet: Site, host: str):
    client = quiet.client()
    for path in ("/login", "/map"):
        answer = client.get(path, headers={"Host": host.encode()}, follow_redirects=False)
        assert answer.status_code == 421, answer.text


def test_where_all_names_may_come_they_come(world: World):
    site = site_with(world, host="0.0.0.0")
    assert site.client().get("/login", headers={"Host": "gridboard.county.example"}).status_code == 200


def test_names_of_the_settings_are_known(world: World):
    settings = site_with(world, allowed_hosts=("a.example",), allowed_origins=("https://b.example:8443",)).services.settings
    hosts = Hosts(own=settings.server.host, allowed=settings.server.allowed_hosts, origins=settings.server.allowed_origins,
                  link="https://c.example/x", strict=True)  # fmt: skip
    for name in ("a.example", "A.EXAMPLE:80", "b.example", "c.example", "localhost:1", "[::1]:8050", "127.0.0.1", "backend"):
        assert hosts.admits({"type": "http", "headers": [(b"host", name.encode())]}), name
    assert not hosts.admits({"type": "http", "headers": [(b"host", b"d.example")]})
    assert not hosts.admits({"type": "http", "headers": [(b"host", b"a.example"), (b"host", b"d.example")]})
    assert is_host("[::1]:80") and not is_host("[::1") and name_of("[::1]:80") == "::1"


def test_an_address_is_ours_by_scheme_host_and_port():
    headers = Headers({"host": "board.example:8080"})
    assert is_own("http://board.example:8080/wall", headers, ())
    for other in ("http://board.example/wall", "http://board.example:8081", "ftp://board.example:8080", "https:///", "",
        "//board.example:8080"):
        assert not is_own(other, headers, ()), other
    assert is_own("https://a.example:443/x", headers, ["https://a.example"])
    assert not is_own("http://a.example/x", headers, ["https://a.example"])


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "via", "x-forwarded-host"])
def test_what_was_handed_on_is_not_of_this_machine(header: str):
    assert is_loopback({"client": ("127.0.0.1", 1), "headers": []})
    assert is_loopback({"client": ("::1", 1), "headers": []})
    assert not is_loopback({"client": ("127.0.0.1", 1), "headers": [(header.encode(), b"x")]})
    assert not is_loopback({"client": None, "headers": []})


@pytest.mark.parametrize("target", ["http://evil.example/map", "*", "map", "@evil.example/", "evil.example:443"])
def test_a_target_that_is_no_path_of_ours_is_refused(quiet: Site, target: str):
    from tests.steps.raw_requests import answer, asked

    for method in ("GET", "OPTIONS", "CONNECT", "POST"):
        assert answer(quiet, asked(method, target)) == 400


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/%2e%2e", "/%2f%2fevil.example", "/api%2fcases", "///",
    "/\\evil.example"])
def test_no_way_leads_to_another_site(quiet: Site, path: str):
    for client in (quiet.client(), quiet.client("leader")):
        answer = client.get(f"http://127.0.0.1:8050{path}", follow_redirects=False)
        assert answer.status_code < 500
        where = answer.headers.get("location", "/")
        assert where.startswith(("/", "http://127.0.0.1:8050/")) and not where.startswith(("//", "/\\")), where
