"""The words on the screen: gettext catalogues read with babel, asked for by key.

Lower rooms speak in keys (`status.waiting`) and values; this is where they become words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LOCALES = ("zh_CN", "en")
DEFAULT_LOCALE = "zh_CN"
#: Keys that the browser may need: its own words and the names of every coded value it draws.
CLIENT_PREFIXES = ("js.", "tier.", "kind.", "severity.", "status.", "error.", "move.", "role.")

_FOLDER = Path(__file__).resolve().parents[1] / "locales"


class MissingText(KeyError):
    """A text key that the catalogue of this locale does not hold."""


@cache
def catalogue(locale: str) -> Mapping[str, str]:
    """Every text of one locale by key, from all its .po files, one a subject; read once a process."""
    found: dict[str, str] = {}
    for path in sorted((_FOLDER / locale / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            found |= {str(m.id): str(m.string) for m in read_po(file, locale=locale) if m.id and m.string}
    return found


def known_locale(locale: str | None) -> str:
    """The locale itself when there is a catalogue for it, else the default one."""
    return locale if locale in LOCALES else DEFAULT_LOCALE


def text(key: str, locale: str, **values: object) -> str:
    """The words of `key` with `{name}` places filled; raises MissingText for an unknown key."""
    words = catalogue(known_locale(locale)).get(key)
    if words is None:
        raise MissingText(f"no text {key!r} in locale {locale!r}")
    return words.format(**values) if values else words


def text_or(key: str, locale: str, fallback: str) -> str:
    """For keys built from data (a category someone imported): the words, or what the data itself says."""
    return catalogue(known_locale(locale)).get(key, fallback)


def texts_for_client(locale: str, prefixes: Iterable[str] = CLIENT_PREFIXES) -> dict[str, str]:
    """What the browser's own code may say, by key."""
    wanted = tuple(prefixes)
    return {key: words for key, words in catalogue(known_locale(locale)).items() if key.startswith(wanted)}


def local_name(names: Mapping[str, str] | None, locale: str, fallback: str = "") -> str:
    """A name out of a `{locale: name}` mapping: this locale's, the default one's, or the fallback."""
    if not names:
        return fallback
    return names.get(locale) or names.get(DEFAULT_LOCALE) or fallback or next(iter(names.values()), "")
