"""Adapters over HTTP: SMS gateways, signed webhooks, robots of WeCom and DingTalk."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
import re
import ssl
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

import httpx
import orjson

from data.outbox.answers import Answer, Codes, checked_codes, fields_of, judge
from data.outbox.deadline import checked_timeout
from data.outbox.messages import Message, Refusal, RouteRefused, Unanswered, Unclear, Unreached

TIMEOUT_S = 10.0
LONGEST_ANSWER = 64 * 1024
PLACES = ("key", "topic", "case_no", "body", "title", "text", "link", "address")
PLACE = re.compile(r"\{(\w+)\}")
# these two write whole addresses, with their keys and numbers, at levels that an operator may switch on
for _talker in ("httpx", "httpcore"):
    logging.getLogger(_talker).setLevel(logging.WARNING)


@cache
def _trust() -> ssl.SSLContext:
    """Read once: it takes longer than a message."""
    return httpx.create_ssl_context()


def ask(
    url: str, *, content: bytes | None, headers: Mapping[str, str], timeout_s: float, method: str = "POST"
) -> Answer:
    """What was answered. One request within `timeout_s` altogether; no redirect is followed.

    Raises Unreached, or Unanswered where it was handed over. From the status on there is an answer, however it ends.
    """
    return asyncio.run(_asked(method, url, timeout_s, content=content, headers=dict(headers)))


async def _asked(method: str, url: str, timeout_s: float, **request: Any) -> Answer:
    """As much of an answer as a gateway has to say."""
    handed_over, answer, body, broke = False, None, b"", ""

    async def trace(event: str, _: Any) -> None:
        nonlocal handed_over
        handed_over = handed_over or event == "http11.send_request_headers.started"

    try:
        # httpx counts each read by itself: a gateway that drips would hold its route for ever
        async with (
            asyncio.timeout(timeout_s),
            httpx.AsyncClient(verify=_trust(), timeout=timeout_s) as client,
            client.stream(method, url, extensions={"trace": trace}, **request) as answer,
        ):
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > LONGEST_ANSWER:
                    break
    except (TimeoutError, httpx.HTTPError, httpx.StreamError) as error:
        broke = "timeout" if isinstance(error, TimeoutError | httpx.TimeoutException) else type(error).__name__
        if answer is None:
            raise (Unanswered if handed_over else Unreached)(f"no answer ({broke})") from None
    wait = answer.headers.get("Retry-After", "")
    retry_after_s = float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 9 else None
    whole = not broke and len(body) <= LONGEST_ANSWER
    return Answer(answer.status_code, body, answer.charset_encoding, whole, broke, retry_after_s)


def checked_url(url: Any) -> str:
    """Raises ValueError, without the address: it may hold a key."""
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("url has to be http://... or https://...")
    return str(url)


def checked_template(template: Any) -> Any:
    """Raises ValueError for a place that nothing fills: it would be sent literally."""
    if isinstance(template, str):
        for name in PLACE.findall(template):
            if name not in PLACES:
                raise ValueError(f"{{{name}}} is not one of the places {', '.join(PLACES)}")
    for part in template.values() if isinstance(template, dict) else template if isinstance(template, list) else ():
        checked_template(part)
    return template


def filled(template: Any, values: Mapping[str, str], escape: Callable[[str], str] = str) -> Any:
    """The template with its {places} filled, once: a value that looks like a place is not filled again."""
    if isinstance(template, str):
        return PLACE.sub(lambda place: escape(values[place[1]]), template)
    if isinstance(template, dict):
        return {key: filled(value, values, escape) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, values, escape) for value in template]
    return template


def places(message: Message) -> dict[str, str]:
    """What a template may name."""
    return {name: str(getattr(message, name)) for name in PLACES}


class SmsAdapter:
    """A gateway for short messages: `json` or `form` is its body, with places like {address} and {text}; a gateway that
    is asked by GET has them in its `url`.

    `ok`: fields of the answer (`data.code` is one inside another) and the values that mean success, where the gateway
    says more than its status; `final`, `again`, `pause` as in data/outbox/answers.py.
    """

    def __init__(
        self, url: str, *, method: str = "POST", json: Any = None, form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None, ok: Any = None, final: Any = None, again: Any = None,
        pause: Any = None, timeout_s: float = TIMEOUT_S,
    ) -> None:  # fmt: skip
        if method not in ("GET", "POST", "PUT"):
            raise ValueError("method has to be GET, POST or PUT")
        if json is not None and form is not None:
            raise ValueError("json and form cannot both be the body")
        self.url, self.method = checked_template(checked_url(url)), method
        self.json, self.form = checked_template(json), checked_template(dict(form) if form is not None else None)
        self.headers, self.timeout_s = dict(headers or {}), checked_timeout(timeout_s)
        self.codes = checked_codes(ok=ok, final=final, again=again, pause=pause)

    def send(self, message: Message) -> None:
        values = places(message)
        headers = {**self.headers, "Idempotency-Key": message.key}
        content: bytes | None = None
        if self.form is not None:
            pairs = (f"{quote_plus(name)}={quote_plus(filled(value, values))}" for name, value in self.form.items())
            content = "&".join(pairs).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        elif self.json is not None:
            content, headers["Content-Type"] = orjson.dumps(filled(self.json, values)), "application/json"
        url = filled(self.url, values, lambda value: quote(value, safe=""))
        judge(ask(url, content=content, headers=headers, timeout_s=self.timeout_s, method=self.method), self.codes)


class WebhookAdapter:
    """JSON to a program, signed: `X-Gridboard-Signature: t=SECONDS,v1=HMAC-SHA256(secret, "SECONDS." + body)`."""

    def __init__(self, url: str, *, secret: str, timeout_s: float = TIMEOUT_S) -> None:
        if not isinstance(secret, str) or not secret:
            raise ValueError("secret is empty")
        self.url, self.secret, self.timeout_s = checked_url(url), secret, checked_timeout(timeout_s)

    def send(self, message: Message) -> None:
        content = orjson.dumps(message.told(), option=orjson.OPT_UTC_Z)
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.key,
            "X-Gridboard-Signature": f"t={stamp},v1={signature(self.secret, stamp, content)}",
        }
        answer = ask(self.url, content=content, headers=headers, timeout_s=self.timeout_s)
        judge(answer, Codes())
        if answer.broke:
            # a program can drop a repeat, so it is asked once more than too few
            raise Unanswered(f"no answer ({answer.broke})")


def signature(secret: str, stamp: str, content: bytes) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + content, hashlib.sha256).hexdigest()


class RobotAdapter:
    """A group robot of WeCom or DingTalk: a markdown text; `errcode` other than 0 is a refusal in a 200.

    DingTalk's robots may ask for a signature: HMAC-SHA256 over "MILLISECONDS\\nSECRET", base64, in the address. Robots
    know no keys: after a crash a group may read a message twice. A robot has one group and one key: a code that is
    neither of this message (`final`) nor of the moment (`again`) is the route's.
    """

    AGAIN = (-1, 130101, 410100)
    QUOTA = (45009, 45033)
    FINAL = (40008, 40035, 40058, 44004, 45002, 460101)

    def __init__(
        self, url: str, *, secret: str = "", dingtalk: bool = False, final: Any = None, again: Any = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:  # fmt: skip
        self.url, self.timeout_s = checked_url(url), checked_timeout(timeout_s)
        self.secret, self.dingtalk = str(secret), dingtalk
        own = checked_codes(final={"errcode": final} if final else None, again={"errcode": again} if again else None)
        self.codes = Codes(
            ok={"errcode": [0]},
            final={"errcode": [*self.FINAL, *own.final.get("errcode", ())]},
            again={"errcode": [*self.AGAIN, *own.again.get("errcode", ())]},
        )

    def send(self, message: Message) -> None:
        title, text = plain(message.title), plain(message.text)
        words = f"**{title}**\n\n{text}" + (f"\n\n[{message.case_no}]({message.link})" if message.link else "")
        markdown = {"title": title, "text": words} if self.dingtalk else {"content": words}
        content = orjson.dumps({"msgtype": "markdown", "markdown": markdown})
        answer = ask(
            self._address(), content=content, headers={"Content-Type": "application/json"}, timeout_s=self.timeout_s
        )
        try:
            judge(answer, self.codes)
        except Unclear as unclear:
            [code, *_] = fields_of(answer.told(), "errcode") or [None]
            if not re.fullmatch(r"-?\d{1,9}", str(code)):
                raise
            refusal = Refusal.quota if code in self.QUOTA else Refusal.gateway
            raise RouteRefused(str(unclear), refusal) from None

    def _address(self) -> str:
        if not (self.dingtalk and self.secret):
            return self.url
        stamp = str(round(time.time() * 1000))
        digest = hmac.new(self.secret.encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256).digest()
        join = "&" if urlsplit(self.url).query else "?"
        return f"{self.url}{join}timestamp={stamp}&sign={quote_plus(base64.b64encode(digest))}"


def plain(words: str) -> str:
    """Without what a robot would read as a link, a mention or emphasis: names of bodies are only names."""
    return re.sub(r"[\[\]<>*`@\\]", " ", words)
