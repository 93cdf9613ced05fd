"""Personal numbers in free texts: identity cards, telephones and bank cards, however they are written.

The text is folded first (compatibility forms, digits of every script and of Chinese, letters that cannot be seen), then
cut into groups of digits, then looked at. Dates, case numbers, amounts, coordinates and area codes are none of these.
Sources: GB 11643 (identity numbers), the numbering plan of the Ministry (mobiles 13-19, area codes), ITU-T E.164,
the North American plan, ISO/IEC 7812 (check digit of cards).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rules.errors import Problem
from rules.texts import BLANKS

IDENTITY, PHONE, BANK_CARD = "identity_number", "phone", "bank_card"
MASK = "***"
CHINESE = dict(zip("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖貳參陸幺", "00123456789123456789" + "2361", strict=True))
TIMES = frozenset("xX×хХχΧ")
# Letters used for 0 and 1 within a number.
ROUND, UPRIGHT = frozenset("oOоОοΟ"), frozenset("lI|іІι")
#: What may separate two digits of one number; at most SPREAD of them together.
SEPARATORS = frozenset(" \t\n\r-./\\_()[]{}<>·•‧・。,'\"`~#*")
SPREAD = 3
DASHES = frozenset("‐‑‒–—―−﹣－─━ー")
COMMON = frozenset(" -")
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
SHORTEST, LONGEST = 11, 19
# Words that announce a number, what it then looks like, and how far off it may begin.
ANNOUNCED = (
    (
        re.compile(r"电话|電話|手机|手機|联系|聯繫|致电|拨打|来电|微信|tel|phone|mobile|call|cell|whatsapp", re.I),
        re.compile(r"(?:0086|86|0)?1[3-9]\d{9}"),
        PHONE,
    ),
    (re.compile(r"身份证|身份證|证件|公民身份|identity|id card|id no", re.I), re.compile(r"\d{15}|\d{17,18}"), IDENTITY),
    (re.compile(r"银行卡|卡号|账号|帐号|账户|bank card|card no|account", re.I), re.compile(r"[3-6]\d{15,18}"), BANK_CARD),
)
REACH = 8
MOBILE = re.compile(r"(0086|86|0)?(1[3-9]\d{9})")
SHOWN_DATE = r"(?:19|20)\d\d([-./])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d)"
CASE_NUMBER = re.compile(r"(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-\w{1,16}-\d{4,6}(?!\d)")
# Not a part of a number: a date, an amount with its thousands, an address of the network.
OTHERS = re.compile(
    rf"(?<!\d){SHOWN_DATE}"
    r"|(?<![\d,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])"
    r"|(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?![\d.])"
)
LANDLINE = re.compile(
    r"(?<![\d.-])(?:(?:\(?(?:\+|00)86\)?[ -]?)?\(?0(?P<area>10|2\d|[3-9]\d\d)(?:\)[ -]?|[ -]{1,3})"
    r"|\(?(?:\+|00)86\)?[ -](?P<bare>10|2\d|[3-9]\d\d)[ -])(?P<local>[2-9]\d{6,7}|[2-9]\d{2,3}[ -]\d{4})(?!\d)"
)
NORTH_AMERICAN = re.compile(
    r"(?<![\d.-])(?:\+?1[-. ])?(?:\([2-9]\d\d\)[-. ]?[2-9]\d\d[-. ]\d{4}|[2-9]\d\d([-.])[2-9]\d\d\1\d{4})(?![\d-]|\.\d)"
)
INTERNATIONAL = re.compile(
    r"(?<![\d+])\+[1-9]\d{0,2}(?:[ ()-]{1,2}\d{1,5}){2,6}(?![\d.]\d|\d)|(?<![\d+])\+[1-9]\d{10,14}(?![\d.])"
)


@dataclass(frozen=True)
class Finding:
    """A number of a person in a text: of which kind, from where to where."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class _Group:
    """Digits without anything between them; `before`: what separates them from the group before, None at a break."""

    digits: str
    start: int
    end: int
    before: str | None


_Test = Callable[[str, list[_Group], str], str | None]


def contains_personal_data(text: str | None) -> str | None:
    """The kind of the first personal number in a text: identity_number, phone or bank_card; None when there is none."""
    finding = next(iter(personal_data(text or "")), None)
    return finding.kind if finding else None


def redacted(text: str) -> str:
    """The text with every personal number in it replaced by MASK."""
    parts, done = [], 0
    for finding in personal_data(text):
        parts += [text[done : finding.start], MASK]
        done = finding.end
    return "".join(parts) + text[done:]


def check_personal(field: str, text: str | None) -> None:
    """Raises Problem personal_data (field) when a text holds a number of a person."""
    if contains_personal_data(text):
        raise Problem("personal_data", field=field)


def personal_data(text: str) -> list[Finding]:
    """All personal numbers of a text, in order, none within another."""
    folded, places = _folded(text)
    if sum(map(str.isdigit, folded)) < 7:
        return []
    spans = sorted(_spans(folded), key=lambda found: (found.start, -found.end))
    kept: list[Finding] = []
    for finding in spans:
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return [Finding(one.kind, places[one.start], places[one.end - 1] + 1) for one in kept]


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as one reads it: digits as 0-9, one dash, nothing unseen; and where each letter stood in the original."""
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for letter in char if char.isascii() else _read(char):
            letters.append(letter)
            places.append(place)
    return _likenesses("".join(letters)), places


@lru_cache(maxsize=8192)
def _read(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    return "".join(filter(None, map(_letter, unicodedata.normalize("NFKC", char))))


def _letter(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cf", "Mn", "Me") or char in BLANKS:
        return ""
    if char in CHINESE:
        return CHINESE[char]
    if char in DASHES or category == "Pd":
        return "-"
    return " " if category[0] == "Z" else str(unicodedata.digit(char, char))


# A word of digits and of letters that look like some: read as a number when most of it is one.
LIKE_DIGITS = re.compile(r"(?<![A-Za-z0-9])[\doOоОοΟlI|іІι]{4,40}(?![A-Za-z0-9])")


def _likenesses(text: str) -> str:
    def read(match: re.Match[str]) -> str:
        word = match[0]
        if sum(map(str.isdigit, word)) < 4:
            return word
        return "".join("0" if char in ROUND else "1" if char in UPRIGHT else char for char in word)

    return LIKE_DIGITS.sub(read, text)


def _spans(folded: str) -> Iterator[Finding]:
    open_text = CASE_NUMBER.sub(_blank, folded)
    groups = list(_groups(open_text))
    yield from _windows(groups, open_text, (_identity, _bank_card))
    plain = OTHERS.sub(_blank, open_text)
    yield from _windows(list(_groups(plain)), plain, (_mobile,))
    yield from _after_words(groups, open_text)
    for pattern in (LANDLINE, NORTH_AMERICAN, INTERNATIONAL):
        for match in pattern.finditer(plain):
            if not _is_other_number(match):
                yield Finding(PHONE, match.start(), match.end())


def _blank(match: re.Match[str]) -> str:
    return "\x00" * len(match[0])


def _groups(text: str) -> Iterator[_Group]:
    end = None
    for match in re.finditer(r"\d+", text):
        between = None if end is None else text[end : match.start()]
        if between is not None and (len(between) > SPREAD or not SEPARATORS.issuperset(between)):
            between = None
        yield _Group(match[0], match.start(), match.end(), between)
        end = match.end()


def _windows(groups: list[_Group], text: str, tests: Sequence[_Test]) -> Iterator[Finding]:
    """Every run of neighbouring groups that one of the tests takes for a number of a person."""
    for first, group in enumerate(groups):
        if len(group.digits) > LONGEST:
            continue
        digits = ""
        window: list[_Group] = []
        for part in groups[first : first + LONGEST]:
            if window and part.before is None:
                break
            digits += part.digits
            window.append(part)
            if len(digits) < SHORTEST:
                continue
            if len(digits) > LONGEST:
                break
            for kind in filter(None, [test(digits, window, text) for test in tests]):
                end = window[-1].end
                yield Finding(kind, group.start, end + (kind == IDENTITY and len(digits) == 17) * _cross(text, end))


def _cross(text: str, end: int) -> int:
    """How far the X goes that ends an identity number; 0 when there is none."""
    match = re.match(r"[ .\-]{0,2}([xX×хХχΧ])(?![A-Za-z0-9])", text[end : end + 4])
    return match.end() if match else 0


def _between(window: list[_Group]) -> list[str]:
    return [one.before or "" for one in window[1:]]


def _is_even(window: list[_Group], *, common: bool = True) -> bool:
    """Whether one separator is used throughout; spaces and dashes may be mixed."""
    separators = {part.strip() or " " for part in _between(window)}
    return len(separators) <= 1 or (common and all(COMMON.issuperset(part) for part in separators))


def _identity(digits: str, window: list[_Group], text: str) -> str | None:
    """18 places of a known province and a day of birth that exists; the last may be an X."""
    if len(digits) not in (17, 18) or digits[:2] not in PROVINCES or not _is_day(digits[6:14]):
        return None
    if not _is_even(window) or (len(digits) == 17 and not _cross(text, window[-1].end)):
        return None
    return IDENTITY


def _is_day(digits: str) -> bool:
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year <= 2100
    except ValueError:
        return False


def _bank_card(digits: str, window: list[_Group], _text: str) -> str | None:
    """A check digit that holds: a card of UnionPay, or any in groups of four."""
    if not 16 <= len(digits) <= 19 or digits[0] not in "3456":
        return None
    fours = len(window) > 1 and all(len(one.digits) == 4 for one in window[:-1])
    if not fours and not digits.startswith("62"):
        return None
    return BANK_CARD if _luhn(digits) and _is_even(window) else None


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _mobile(digits: str, window: list[_Group], _text: str) -> str | None:
    """11 digits from 13 to 19, after 86 or a 0 or nothing, grouped as one writes a telephone number."""
    head = MOBILE.fullmatch(digits) if len(digits) <= 15 else None
    if not head:
        return None
    rest = _without(window, len(head[1] or ""))
    return PHONE if rest and _is_phone_like([len(one.digits) for one in rest], rest) else None


def _without(window: list[_Group], head: int) -> list[_Group]:
    """The groups after the first `head` digits; none when those end within a group of several."""
    rest = list(window)
    while head and rest and len(rest[0].digits) <= head:
        head -= len(rest.pop(0).digits)
    if head and len(rest) > 1 and len(rest[0].digits) - head != 3:
        return []
    return [_Group(rest[0].digits[head:], rest[0].start, rest[0].end, None), *rest[1:]] if rest else []


def _is_phone_like(sizes: list[int], window: list[_Group]) -> bool:
    if len(sizes) == 1 or sizes == [3, 4, 4]:
        return True
    between = set("".join(_between(window)))
    if "," in between or not _is_even(window):
        return False
    if len(sizes) == 2:
        return not between & set("./'")  # a number with decimals
    return sizes[0] >= 3 or max(sizes) <= 2 or sizes == [1, 3, 3, 4]


def _after_words(groups: list[_Group], text: str) -> Iterator[Finding]:
    """After a word that announces a number, digits count however they are parted."""
    starts = [group.start for group in groups]
    for words, wanted, kind in ANNOUNCED:
        for word in words.finditer(text):
            first = bisect_left(starts, word.end())
            if first == len(groups) or starts[first] > word.end() + REACH:
                continue
            end = _announced(groups[first : first + LONGEST], text, wanted)
            if end:
                yield Finding(kind, starts[first], end)


def _announced(groups: list[_Group], text: str, wanted: re.Pattern[str]) -> int | None:
    """Where the number ends that the groups make together, whatever of signs is between them."""
    digits, end, end_of_number = "", groups[0].start, None
    for group in groups:
        between = text[end : group.start] if digits else ""
        if len(between) > SPREAD or any(char.isalnum() for char in between):
            break
        digits, end = digits + group.digits, group.end
        if wanted.fullmatch(digits) and (len(digits) != 17 or _cross(text, end)):
            end_of_number = end + (len(digits) == 17) * _cross(text, end)
    return end_of_number


def _is_other_number(match: re.Match[str]) -> bool:
    """A landline's number that is a day; a number beyond the border that is an amount or too short."""
    named = match.groupdict()
    if named:
        local = re.sub(r"\D", "", named["local"])
        return len(local) == 8 and _is_day(local)
    if match.re is INTERNATIONAL:
        groups = re.findall(r"\d+", match[0])
        thousands = len(groups) > 1 and all(len(one) == 3 for one in groups[1:])
        return thousands or not 9 <= sum(map(len, groups)) <= 15
    return False
