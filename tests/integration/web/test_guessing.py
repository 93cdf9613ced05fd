"""Who guesses is slowed, wherever the guesses come from; who knows the password comes in, whatever strangers do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from data import accounts
from data.login_attempts import forget_old
from rules.login_delay import FORGET_AFTER, FREE_GUESSES, FREE_GUESSES_OF_DEVICE, FREE_NAMES, LONGEST_WAIT, wait_after
from tests.integration.web.clients import QuickClient
from tests.integration.web.conftest import ORIGIN, Site, build_site
from tests.world import PASSWORD
from web.sessions import machine_now


class Hand:
    """A clock that goes when it is told to."""

    def __init__(self, site: Site) -> None:
        self.now = machine_now()
        site.server.state.throttle.clock = lambda: self.now

    def turn(self, length: timedelta) -> None:
        self.now += length


@pytest.fixture
def hand(site: Site) -> Hand:
    return Hand(site)


def at(site: Site, address: str) -> QuickClient:
    return QuickClient(site.server, base_url=ORIGIN, client=(address, 50000))


def guess(client: QuickClient, username: str = "leader", password: str = "wrong"):
    return client.post("/api/session", json={"username": username, "password": password})


def tried(site: Site, address: str, username: str = "leader", password: str = "wrong") -> int:
    return guess(at(site, address), username, password).status_code


def test_guesses_at_one_account_are_slowed_across_addresses(site: Site, hand: Hand):
    answers = [tried(site, f"203.0.113.{number % 60}") for number in range(240)]
    assert answers[:FREE_GUESSES] == [401] * FREE_GUESSES
    assert answers.count(401) == FREE_GUESSES
    assert set(answers[FREE_GUESSES:]) == {429}


def test_the_more_guesses_the_longer_the_wait_up_to_a_bound(site: Site, hand: Hand):
    waits = []
    for number in range(40):
        answer = guess(at(site, f"203.0.113.{number}"))
        if answer.status_code == 429:
            waits.append(int(answer.headers["retry-after"]))
            hand.turn(timedelta(seconds=waits[-1]))
            assert tried(site, f"203.0.113.{number}") == 401
    assert waits == sorted(waits)
    assert waits[0] == 1
    assert waits[-1] == LONGEST_WAIT.total_seconds()


def test_a_stranger_who_never_stops_holds_nobody_up_for_longer(site: Site, hand: Hand):
    for number in range(200):
        tried(site, f"203.0.113.{number}")
        hand.turn(timedelta(milliseconds=300))
    own, first = at(site, "198.51.100.7"), None
    for second in range(int(LONGEST_WAIT.total_seconds()) + 2):
        for number in range(5):
            tried(site, f"203.0.113.{second * 5 + number}")
        answer = guess(own, password=PASSWORD)
        if answer.status_code == 200:
            first = second
            break
        assert answer.status_code == 429
        # asking early does not put the moment off
        assert int(answer.headers["retry-after"]) <= LONGEST_WAIT.total_seconds() - second
        hand.turn(timedelta(seconds=1))
    assert first is not None


def test_a_known_browser_does_not_wait_for_what_strangers_do(site: Site, hand: Hand):
    own = at(site, "198.51.100.7")
    assert guess(own, password=PASSWORD).status_code == 200
    own.cookies.delete("gridboard_session")
    for number in range(60):
        tried(site, f"203.0.113.{number}")
        tried(site, "198.51.100.7")
    assert tried(site, "198.51.100.7", password=PASSWORD) == 429
    assert guess(own, password=PASSWORD).status_code == 200


def test_a_known_browser_is_known_for_the_accounts_that_used_it(site: Site, hand: Hand):
    own = at(site, "198.51.100.7")
    for name in ("leader", "auditor"):
        assert guess(own, name, PASSWORD).status_code == 200
    for number in range(20):
        for name in ("leader", "auditor", "admin"):
            tried(site, f"203.0.113.{number}", name)
    for name in ("leader", "auditor"):
        assert guess(own, name, PASSWORD).status_code == 200
    assert guess(own, "admin", PASSWORD).status_code == 429


def test_a_browsers_mark_lets_nobody_guess_without_end(site: Site, hand: Hand):
    own = at(site, "198.51.100.7")
    assert guess(own, password=PASSWORD).status_code == 200
    answers = [guess(own).status_code for _ in range(FREE_GUESSES_OF_DEVICE + 5)]
    assert answers.count(401) == FREE_GUESSES_OF_DEVICE
    assert answers[-1] == 429


@pytest.mark.parametrize("change", [lambda mark: mark[:-1] + ("A" if mark[-1] != "A" else "B"), lambda mark: "9" + mark,
                                    lambda mark: "1_0" + mark, lambda mark: "~".join([mark[:-3]] * 9)])  # fmt: skip
def test_a_forged_mark_is_none(site: Site, hand: Hand, change):
    own = at(site, "198.51.100.7")
    guess(own, password=PASSWORD)
    forged = change(own.cookies["gridboard_device"])
    for number in range(20):
        tried(site, f"203.0.113.{number}")
    liar = at(site, "198.51.100.8")
    liar.cookies.set("gridboard_device", forged)
    assert guess(liar, password=PASSWORD).status_code == 429


def test_an_office_behind_one_address_is_not_locked_out_by_its_mistakes(site: Site, hand: Hand):
    assert [tried(site, "198.51.100.7", f"someone{number}") for number in range(60)] == [401] * 60
    for name in ("leader", "dispatcher", "handler", "auditor"):
        assert tried(site, "198.51.100.7", name, PASSWORD) == 200


def test_one_address_that_tries_every_name_is_slowed_and_holds_nobody(site: Site, hand: Hand):
    answers = [tried(site, "198.51.100.7", f"someone{number}") for number in range(FREE_NAMES + 30)]
    assert answers[:FREE_NAMES] == [401] * FREE_NAMES
    assert set(answers[FREE_NAMES:]) == {429}
    assert tried(site, "198.51.100.9", "leader", PASSWORD) == 200
    waiting = guess(at(site, "198.51.100.7"), "auditor", PASSWORD)
    assert waiting.status_code == 429
    hand.turn(timedelta(seconds=int(waiting.headers["retry-after"])))
    assert tried(site, "198.51.100.7", "auditor", PASSWORD) == 200


def test_many_tries_of_one_name_count_as_one_name(site: Site, hand: Hand):
    for _ in range(FREE_NAMES + 10):
        tried(site, "198.51.100.7", "leader")
    assert tried(site, "198.51.100.7", "auditor", PASSWORD) == 200


def test_a_network_of_ipv6_is_one_address_and_another_one_is_another(site: Site, hand: Hand):
    answers = [tried(site, f"2001:db8:0:1::{number:x}", f"someone{number}") for number in range(1, FREE_NAMES + 10)]
    assert answers[-1] == 429
    assert tried(site, "2001:db8:0:2::1", "someone", "x") == 401


def test_an_old_address_in_new_clothes_is_the_same(site: Site, hand: Hand):
    for number in range(FREE_NAMES):
        tried(site, "198.51.100.7" if number % 2 else "::ffff:198.51.100.7", f"someone{number}")
    assert tried(site, "198.51.100.7", "x1") == tried(site, "::ffff:c633:6407", "x2") == 429


def test_success_clears(site: Site, hand: Hand):
    for _ in range(5):
        for _ in range(FREE_GUESSES - 1):
            assert tried(site, "198.51.100.7") == 401
        assert tried(site, "198.51.100.7", password=PASSWORD) == 200


def test_what_was_long_ago_is_forgotten(site: Site, hand: Hand):
    for _ in range(20):
        tried(site, "198.51.100.7")
    hand.turn(FORGET_AFTER + timedelta(seconds=1))
    assert tried(site, "198.51.100.7") == 401
    with site.world.database.owning() as connection:
        forget_old(connection, hand.now + FORGET_AFTER * 2)
        assert connection.execute(text("SELECT count(*) FROM login_guess")).scalar_one() == 0


def test_another_process_counts_the_same_guesses(site: Site, hand: Hand):
    other = build_site(site.world)
    other.server.state.throttle.clock = lambda: hand.now
    answers = [tried((site, other)[number % 2], f"203.0.113.{number}") for number in range(20)]
    assert answers.count(401) == FREE_GUESSES
    own = at(site, "198.51.100.7")
    own.cookies.set("gridboard_device", _mark_of(other, "198.51.100.20", "auditor"))
    for number in range(20):
        tried(site, f"203.0.113.{number}", "auditor")
    assert guess(own, "auditor", PASSWORD).status_code == 200


def _mark_of(site: Site, address: str, username: str) -> str:
    client = at(site, address)
    assert guess(client, username, PASSWORD).status_code == 200
    return client.cookies["gridboard_device"]


def test_guesses_side_by_side_do_not_slip_through(site: Site, hand: Hand):
    other = build_site(site.world)
    other.server.state.throttle.clock = lambda: hand.now

    def one(number: int) -> int:
        return tried((site, other)[number % 2], f"203.0.113.{number}")

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(one, range(48)))
    assert answers.count(401) == FREE_GUESSES
    assert answers.count(429) == 48 - FREE_GUESSES


def test_the_same_person_many_times_at_once_comes_in_each_time(site: Site, hand: Hand, address: str):
    import httpx

    form = {"username": "leader", "password": PASSWORD}
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: httpx.post(f"{address}/api/session", json=form, timeout=30), range(24)))
    assert [answer.status_code for answer in answers] == [200] * 24


def test_wrong_name_and_wrong_password_go_the_same_way(site: Site, hand: Hand, monkeypatch):
    """The same answers, the same waits, the same work: one check of a hash for each, and none while it has to wait."""
    checked: list[str] = []
    fits = accounts.password_fits
    monkeypatch.setattr(accounts, "password_fits", lambda *given: checked.append(given[0]) or fits(*given))
    told = {}
    for name in ("leader", "nobody"):
        checked.clear()
        answers = [guess(at(site, "198.51.100.7"), name) for _ in range(12)]
        told[name] = [(one.status_code, one.text, one.headers.get("retry-after")) for one in answers], len(checked)
    assert told["leader"] == told["nobody"]
    assert told["leader"][1] == FREE_GUESSES


def test_the_table_of_guesses_names_nobody(site: Site, hand: Hand):
    tried(site, "198.51.100.7", "leader")
    with site.world.database.owning() as connection:
        rows = connection.execute(text("SELECT account, source FROM login_guess")).all()
    assert len(rows) == 2
    for row in rows:
        assert all(word not in bytes(row.account) + bytes(row.source) for word in (b"leader", b"198.51", b"\xc6\x33\x64"))


def test_the_page_says_how_long(site: Site, hand: Hand):
    client = at(site, "198.51.100.7")
    for _ in range(FREE_GUESSES + 1):
        answer = client.post("/login", data={"username": "leader", "password": "x"})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] in answer.text


def test_the_wait_doubles_and_ends():
    assert [wait_after(number, 2).total_seconds() for number in range(9)] == [0, 0, 1, 2, 4, 8, 16, 30, 30]
    assert wait_after(10**9, 2) == LONGEST_WAIT
