"""The gateways of a test, gone when it ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gateways import MailBox, WebServer, serving


@pytest.fixture
def web() -> Iterator[WebServer]:
    made = WebServer()
    yield made
    made.close()


@pytest.fixture
def mailbox() -> Iterator[tuple[MailBox, int]]:
    box = MailBox()
    with serving(box) as port:
        yield box, port
