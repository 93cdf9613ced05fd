"""Answers of gateways in any form, compared with the codes that a route names."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import orjson

from data.outbox.messages import Misdirected, Refusal, Rejected, RouteRefused, Unavailable, Unclear, Unsent

CREDENTIALS = frozenset({401, 403, 407, 511})
QUOTA = frozenset({402, 429})
PASSING = frozenset({408, 425})
#: The address of the route leads elsewhere, or nowhere.
ELSEWHERE = frozenset({300, 301, 302, 303, 305, 307, 308, 404, 405, 410})
MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
#: What may be written to a record: a code, and no run of digits that could be a personal number.
HARMLESS = re.compile(r"(?!.*\d{6})[\w.-]{1,24}", re.ASCII)
NUMBERS = re.compile(r"\+?\d(?:[ \-]?\d){6,}")
LONGEST_SHOWN, LONGEST_READ = 40, 400
MISSING = object()


@dataclass(frozen=True)
class Answer:
    """What a gateway answered. `whole`: the body came to its end within bounds; `broke`: what ended it before."""

    status: int
    content: bytes = b""
    charset: str | None = None
    whole: bool = True
    broke: str = ""
    retry_after_s: float | None = None

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    def told(self) -> Any:
        return read_answer(self.content, self.charset)


@dataclass(frozen=True)
class Codes:
    """Which fields of an answer mean what: `ok` success (every field has to fit), `final` that the message is refused,
    `again` that it may be tried later, `pause` that the route is refused (any field is enough)."""

    ok: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    final: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    again: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    pause: Mapping[str, Sequence[Any]] = field(default_factory=dict)


def checked_codes(**said: Any) -> Codes:
    """Fields and their values as a route's file says them; one value may be given without a list. Raises ValueError."""
    checked = {}
    for name, fields in said.items():
        if not isinstance(fields or {}, dict):
            raise ValueError(f"{name} has to name fields of the answer and their values")
        lists = {str(key): value if isinstance(value, list) else [value] for key, value in (fields or {}).items()}
        if any(not values or isinstance(one, dict | list) for values in lists.values() for one in values or [None]):
            raise ValueError(f"{name} has to name lists of values")
        checked[name] = lists
    return Codes(**checked)


def judge(answer: Answer, codes: Codes) -> None:
    """Nothing for success. Raises RouteRefused, Rejected, Unsent or Unclear, whose words hold codes only."""
    content = answer.told() if codes.ok or codes.final or codes.again or codes.pause else None
    for fields, failure in ((codes.pause, RouteRefused), (codes.final, Rejected), (codes.again, Unsent)):
        for name, values in fields.items():
            hit = next((one for one in fields_of(content, name) if _one_of(one, values)), MISSING)
            if hit is not MISSING:
                raise failure(f"answered {name} {harmless(hit)}")
    if not answer.good:
        refuse(answer)
    for name, values in codes.ok.items():
        present = fields_of(content, name)
        wrong = [one for one in present if not _one_of(one, values)]
        absent_is_fine = isinstance(content, dict) and None in values
        if wrong or not (present or absent_is_fine):
            raise _unclear(answer, name, values, wrong)


def _unclear(answer: Answer, name: str, values: Sequence[Any], wrong: Sequence[Any]) -> Unclear:
    nothing = "" if answer.content.strip() else "the answer is empty"
    missing = nothing if answer.whole else "the answer was cut off"
    return Unclear(
        f"answered {name} {harmless(wrong[0]) if wrong else None}",
        field=name,
        expected=", ".join(shown(value) for value in values),
        was=shown(wrong[0]) if wrong else missing or "no such field",
    )


def refuse(answer: Answer) -> None:
    """Raises what a status other than 2xx means."""
    status, words = answer.status, f"answered {answer.status}"
    after = None if answer.retry_after_s is None else timedelta(seconds=answer.retry_after_s)
    if status in CREDENTIALS:
        raise RouteRefused(words, Refusal.credentials)
    if status in QUOTA:
        raise RouteRefused(words, Refusal.quota, after=after)
    if status in ELSEWHERE:
        raise Misdirected(words)
    if status >= 500:
        raise Unavailable(words)
    if status < 200 or status in PASSING:
        raise Unsent(words)
    raise Rejected(words)


def read_answer(content: bytes, charset: str | None = None) -> Any:
    """JSON, also inside text or XML; XML or a form as a mapping; other text as it is; None for nothing."""
    words = _decoded(content, charset).strip().strip("\ufeff\0").strip()
    if not words:
        return None
    answer = _json(words)
    if answer is MISSING and words.startswith("<"):
        answer = _xml(words)
    if answer is MISSING:
        answer = _json_inside(words)
    if answer is MISSING:
        answer = _form(words)
    return words if answer is MISSING else answer


def _decoded(content: bytes, charset: str | None) -> str:
    for mark, marked in MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(marked, "replace")
    for name in (charset, "utf-8", "gb18030"):
        try:
            if name:
                return content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("latin-1")


def _json(words: str) -> Any:
    """MISSING if it is none. A text that holds JSON once more is opened."""
    try:
        parsed = orjson.loads(words)
    except orjson.JSONDecodeError:
        return MISSING
    if isinstance(parsed, str):
        inner = _json(parsed.strip())
        return inner if isinstance(inner, dict | list) else parsed
    return parsed


def _json_inside(words: str) -> Any:
    """JSON with something around it: a callback's name, a guard, a heading."""
    start = min((at for at in (words.find("{"), words.find("[")) if at >= 0), default=-1)
    end = max(words.rfind("}"), words.rfind("]"))
    parsed = _json(words[start : end + 1]) if 0 <= start < end else MISSING
    return parsed if isinstance(parsed, dict | list) else MISSING


def _xml(words: str) -> Any:
    if "<!DOCTYPE" in words or "<!ENTITY" in words:
        return MISSING
    try:
        # bounded by LONGEST_ANSWER of data/outbox/http.py, and nothing is declared in it
        root = ElementTree.fromstring(re.sub(r"^<\?xml[^>]*\?>", "", words))  # noqa: S314
        content = _element(root)
    except (ElementTree.ParseError, RecursionError):
        return MISSING
    # the outermost element may be named in a path or left out
    return {**content, _local(root.tag): content} if isinstance(content, dict) else content


def _element(element: ElementTree.Element) -> Any:
    parts: dict[str, Any] = {_local(name): value for name, value in element.attrib.items()}
    for child in element:
        name, value = _local(child.tag), _element(child)
        before = parts.get(name, MISSING)
        parts[name] = value if before is MISSING else [*(before if isinstance(before, list) else [before]), value]
    words = (element.text or "").strip()
    if len(element) == 0:
        inner = _json(words)
        value = inner if isinstance(inner, dict | list) else words
        return {**parts, "text": value} if parts else value
    return parts


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _form(words: str) -> Any:
    """`code=0&msg=ok`, in one line or one a line; also `code:0`."""
    joined = "&".join(line.strip() for line in re.split(r"[\r\n&;]+", words) if line.strip())
    pairs = [re.match(r"\s*[\w.-]+\s*[=:]", part) for part in joined.split("&")]
    if not all(pairs):
        return MISSING
    return dict(parse_qsl(re.sub(r"(^|&)\s*([\w.-]+)\s*[=:]\s*", r"\1\2=", joined), keep_blank_values=True)) or MISSING


def fields_of(answer: Any, path: str) -> list[Any]:
    """The values at a path like `data.code`, `result.0.code`, `result[].code`: of a list each element's where no number
    says which; `.` is the whole answer where it is text, `0` its first part. Empty when there is none."""
    nodes = [answer]
    if path == ".":
        return [] if answer is None or isinstance(answer, dict | list) else nodes
    for part in (part for part in re.sub(r"\[(\w*)\]", r".\1", path).split(".") if part):
        nodes = [deeper for one in nodes for deeper in _step(one, part)]
    return [one for one in nodes for one in (one if isinstance(one, list) else [one])]


def _step(value: Any, part: str) -> list[Any]:
    if isinstance(value, list):
        if part.isdecimal():
            return [value[int(part)]] if int(part) < len(value) else []
        return [deeper for one in value for deeper in _step(one, part)]
    if isinstance(value, dict):
        if part in value:
            return [value[part]]
        return [one for name, one in value.items() if str(name).casefold() == part.casefold()][:1]
    if isinstance(value, str):
        inner = _json(value)
        if isinstance(inner, dict | list):
            return _step(inner, part)
        parts = [one for one in re.split(r"[,|;\s]+", value) if one]
        return [parts[int(part)]] if part.isdecimal() and int(part) < len(parts) else []
    if part == "0" and isinstance(value, int | float):
        return [value]
    return []


def _one_of(value: Any, wanted: Sequence[Any]) -> bool:
    return any(same(value, one) for one in wanted)


def same(value: Any, wanted: Any) -> bool:
    """Whether an answered value is the one that a route names, by its text: "0", 0 and 0.0 are one code; true is
    written true, "true" or, where the route names a truth, 1. A truth is never a code."""
    if isinstance(wanted, bool):
        return _text(value) in ({"true", "1"} if wanted else {"false", "0"})
    return not isinstance(value, dict | list) and _text(value) == _text(wanted)


def _text(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    words = str(value).strip().casefold()
    if re.fullmatch(r"[+-]?\d+\.0+", words):
        words = words.partition(".")[0]
    return "0" if re.fullmatch(r"[+-]?0+", words) else words


def harmless(value: Any) -> str:
    """A code that may be written to a record."""
    return str(value) if HARMLESS.fullmatch(str(value)) else "something else"


def shown(value: Any, hidden: Sequence[str] = ()) -> str:
    """A code for the administrator of the route: short, without what could be a number, an address or a key."""
    words = str(value)[:LONGEST_READ]
    for secret in hidden:
        words = words.replace(secret, "***") if secret else words
    words = NUMBERS.sub("***", re.sub(r"\S+@\S+", "***", re.sub(r"[\x00-\x1f\x7f]+", " ", words)))
    return f'"{words[:LONGEST_SHOWN]}…"' if len(words) > LONGEST_SHOWN else f'"{words}"'
