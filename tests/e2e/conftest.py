"""A real browser on the real application: one server and one browser a module, a context for each person."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from settings import Settings
from tests.conftest import DEMO_NOW, cloned, settings_for

PASSWORD = "gridboard"
CHROMIUM = "/usr/bin/chromium-headless-shell"
BREACH = "Content Security Policy"
# the browser itself must not call anywhere either
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def is_foreign(address: str, site: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != urlsplit(site).netloc


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The address of a server over a demonstration that stands still."""
    from app import create_app

    settings = settings.model_copy(update={"deployment": settings.deployment.model_copy(update={"now": DEMO_NOW})})
    # a browser asks again where a kept connection was closed under its request, Playwright's own client does not
    config = uvicorn.Config(
        create_app(settings), port=0, log_level="error", timeout_graceful_shutdown=1, timeout_keep_alive=300
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def site(cluster, demo_template) -> Iterator[str]:
    for name in cloned(cluster, demo_template):
        with served(settings_for(cluster, name)) as address:
            yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """No longer than a module: while Playwright is open, its thread can't run another event loop."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


class Profiles:
    """Profiles of the browser: what was kept in one is gone when it is given to the next test, but for its cache.

    A fresh one has to read and compile every script again, which was a third of the time of these tests.
    """

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser, self.site = browser, site
        self.idle: list[BrowserContext] = []

    def take(self) -> BrowserContext:
        return self.idle.pop() if self.idle else self.fresh()

    def fresh(self) -> BrowserContext:
        return self.browser.new_context(base_url=self.site, color_scheme="dark")

    def give_back(self, context: BrowserContext) -> None:
        context.set_offline(False)
        *others, last = context.pages or [context.new_page()]
        # left as a person leaves a page: it lets go of what it holds while its session is still there
        for page in (*others, last):
            page.goto("about:blank")
        for page in others:
            page.close()
        context.new_cdp_session(last).send(
            "Storage.clearDataForOrigin", {"origin": self.site, "storageTypes": "local_storage,cookies"}
        )
        last.close()
        context.clear_cookies()
        self.idle.append(context)


@pytest.fixture(scope="module")
def profiles(browser: Browser, site: str) -> Profiles:
    return Profiles(browser, site)


@pytest.fixture
def logged_in(site: str, profiles: Profiles) -> Iterator[Callable[..., Page]]:
    """`logged_in("leader")`: a page of that person, not yet anywhere; `cold`: the browser has nothing of ours yet.

    An error on it, a request to another host or a breach of the content security policy fails the test.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(username: str, *, width: int = 1366, height: int = 768, cold: bool = False) -> Page:
        context = profiles.fresh() if cold else profiles.take()
        contexts.append(context)
        answer = context.request.post("/api/session", data={"username": username, "password": PASSWORD})
        assert answer.ok, answer.text()
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: errors.append(request.url) if is_foreign(request.url, site) else None)
        page.on("console", lambda message: errors.append(message.text) if BREACH in message.text else None)
        return page

    yield open_page
    for context in contexts:
        profiles.give_back(context)
    assert errors == []
