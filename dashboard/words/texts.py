"""Texts of the screens: gettext catalogues read with babel, by key.

Lower rooms speak in keys (`status.waiting`) and values; this is where they become words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

LOCALES = ("zh_CN", "en")
DEFAULT_LOCALE = "zh_CN"
#: Keys that the browser may need: its own words and the names of every coded value it draws.
CLIENT_PREFIXES = ("js.", "tier.", "kind.", "severity.", "status.", "error.", "move.", "role.", "time.", "clock.", "field.")

_FOLDER = Path(__file__).resolve().parents[1] / "locales"


class MissingText(KeyError):
    """A text key that the catalogue of this locale does not hold."""


#: A text, or its plural forms in the order of gettext (`msgstr[0]`, `msgstr[1]`); the value `n` chooses among them.
Words = str | tuple[str, ...]


@cache
def catalogue(locale: str) -> Mapping[str, Words]:
    """Every text of one locale by key, from all its .po files, one a subject; read once a process."""
    texts: dict[str, Words] = {}
    for path in sorted((_FOLDER / locale / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=locale):
                if message.id and message.string:
                    texts[_key(message)] = _words(message)
    return texts


#: What this deployment calls otherwise, by locale and key: one deployment a process.
_own: dict[str, dict[str, str]] = {}


def use_own_words(words: Mapping[str, Mapping[str, str]]) -> None:
    """Takes the deployment's words (by key, by locale) in place of the catalogues' from now on."""
    _own.clear()
    for key, names in words.items():
        for locale, said in names.items():
            _own.setdefault(locale, {})[key] = said


def _said(key: str, locale: str) -> Words | None:
    return _own.get(locale, {}).get(key) or catalogue(locale).get(key)


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _words(message: Message) -> Words:
    return message.string if isinstance(message.string, str) else tuple(message.string or ())


@cache
def _plural_rule(locale: str) -> Callable[[int], int]:
    """Which form a number takes, as gettext counts the forms of this language."""
    return c2py(get_plural(locale).plural_expr)


def _form(words: Words, locale: str, n: object) -> str:
    """The form for `n`, a number or a number as `formats.count` writes it."""
    if isinstance(words, str):
        return words
    digits = re.sub(r"\D", "", str(n))
    return words[min(_plural_rule(locale)(int(digits or 0)), len(words) - 1)]


def known_locale(locale: str | None) -> str:
    """The locale itself when there is a catalogue for it, else the default one."""
    return locale if locale in LOCALES else DEFAULT_LOCALE


def text(key: str, locale: str, /, **values: object) -> str:
    """The words of `key` with `{name}` places filled, in the plural form that the value `n` asks for.

    Raises MissingText for an unknown key.
    """
    locale = known_locale(locale)
    words = _said(key, locale)
    if words is None:
        raise MissingText(f"no text {key!r} in locale {locale!r}")
    form = _form(words, locale, values.get("n"))
    return form.format(**values) if values else form


def text_or(key: str, locale: str, fallback: str) -> str:
    """For keys built from data (a category someone imported): the words, or what the data itself says."""
    locale = known_locale(locale)
    return text(key, locale) if key in catalogue(locale) else fallback


def texts_for_client(locale: str, prefixes: Iterable[str] = CLIENT_PREFIXES) -> dict[str, Words]:
    """What the browser's own code may say, by key; a tuple holds plural forms, as in `catalogue`."""
    wanted = tuple(prefixes)
    locale = known_locale(locale)
    return {key: words for key, words in {**catalogue(locale), **_own.get(locale, {})}.items() if key.startswith(wanted)}
