"""What goes out over HTTP: gateways for short messages, signed webhooks, robots of WeCom and DingTalk."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import orjson

from data.outbox.messages import Message, Rejected, Unsent

TIMEOUT_S = 10.0
PASSING = frozenset({408, 425, 429})


def post(
    url: str, *, content: bytes, headers: Mapping[str, str], timeout_s: float, method: str = "POST"
) -> httpx.Response:
    """One request; no redirect is followed. Raises Unsent for what may pass, Rejected for what will not."""
    try:
        answer = httpx.request(method, url, content=content, headers=dict(headers), timeout=timeout_s)
    except httpx.HTTPError as error:
        raise Unsent(f"no answer ({type(error).__name__})") from None
    if answer.status_code >= 500 or answer.status_code in PASSING:
        raise Unsent(f"answered {answer.status_code}")
    if not 200 <= answer.status_code < 300:
        raise Rejected(f"answered {answer.status_code}")
    return answer


def filled(template: Any, values: Mapping[str, str], escape: Callable[[str], str] = str) -> Any:
    """The template with its {places} filled; in lists and mappings each text. An unknown place is a ValueError."""
    if isinstance(template, str):
        for name, value in values.items():
            template = template.replace("{" + name + "}", escape(value))
        return template
    if isinstance(template, dict):
        return {key: filled(value, values, escape) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, values, escape) for value in template]
    return template


def places(message: Message) -> dict[str, str]:
    """What a template may name."""
    names = ("key", "topic", "case_no", "body", "title", "text", "link", "address")
    return {name: str(getattr(message, name)) for name in names}


class SmsAdapter:
    """A gateway for short messages: `json` or `form` is its body, with places like {address} and {text}.

    `ok`: a field of the JSON answer and the values that mean success, where the gateway says more than its status.
    """

    def __init__(
        self, url: str, *, json: Any = None, form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None, ok: Mapping[str, list[Any]] | None = None, timeout_s: float = TIMEOUT_S,
    ) -> None:  # fmt: skip
        self.url, self.json, self.form = url, json, form
        self.headers, self.ok, self.timeout_s = dict(headers or {}), dict(ok or {}), timeout_s

    def send(self, message: Message) -> None:
        values = places(message)
        if self.form is not None:
            pairs = (f"{quote_plus(name)}={quote_plus(filled(value, values))}" for name, value in self.form.items())
            content, kind = "&".join(pairs).encode(), "application/x-www-form-urlencoded"
        else:
            content, kind = orjson.dumps(filled(self.json, values)), "application/json"
        headers = {**self.headers, "Content-Type": kind, "Idempotency-Key": message.key}
        url = filled(self.url, values, lambda value: quote(value, safe=""))
        answer = post(url, content=content, headers=headers, timeout_s=self.timeout_s)
        for name, values_ok in self.ok.items():
            if _field(answer, name) not in values_ok:
                raise Unsent(f"answered {name}={_field(answer, name)!r}"[:120])


class WebhookAdapter:
    """JSON to a program, signed: `X-Gridboard-Signature: t=SECONDS,v1=HMAC-SHA256(secret, "SECONDS." + body)`."""

    def __init__(self, url: str, *, secret: str, timeout_s: float = TIMEOUT_S) -> None:
        self.url, self.secret, self.timeout_s = url, secret, timeout_s

    def send(self, message: Message) -> None:
        told = {name: value for name, value in vars(message).items() if name != "address"}
        content = orjson.dumps(told, option=orjson.OPT_UTC_Z)
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.key,
            "X-Gridboard-Signature": f"t={stamp},v1={signature(self.secret, stamp, content)}",
        }
        post(self.url, content=content, headers=headers, timeout_s=self.timeout_s)


def signature(secret: str, stamp: str, content: bytes) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + content, hashlib.sha256).hexdigest()


class RobotAdapter:
    """A group robot of WeCom or DingTalk: a markdown text; `errcode` other than 0 is a refusal in a 200.

    DingTalk's robots may ask for a signature: HMAC-SHA256 over "MILLISECONDS\\nSECRET", base64, in the address.
    """

    BUSY = frozenset({-1, 45009, 130101, 410100})

    def __init__(self, url: str, *, secret: str = "", dingtalk: bool = False, timeout_s: float = TIMEOUT_S) -> None:
        self.url, self.secret, self.dingtalk, self.timeout_s = url, secret, dingtalk, timeout_s

    def send(self, message: Message) -> None:
        words = f"**{message.title}**\n\n{message.text}" + (
            f"\n\n[{message.case_no}]({message.link})" if message.link else ""
        )
        markdown = {"title": message.title, "text": words} if self.dingtalk else {"content": words}
        content = orjson.dumps({"msgtype": "markdown", "markdown": markdown})
        answer = post(
            self._address(), content=content, headers={"Content-Type": "application/json"}, timeout_s=self.timeout_s
        )
        code = _field(answer, "errcode")
        if code != 0:
            raise (Unsent if code in self.BUSY or code is None else Rejected)(f"answered errcode {code}")

    def _address(self) -> str:
        if not (self.dingtalk and self.secret):
            return self.url
        stamp = str(round(time.time() * 1000))
        digest = hmac.new(self.secret.encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256).digest()
        return f"{self.url}&timestamp={stamp}&sign={quote_plus(base64.b64encode(digest))}"


def _field(answer: httpx.Response, name: str) -> Any:
    try:
        return answer.json().get(name)
    except (ValueError, AttributeError):
        return None
