"""Pages without Dash and documents as Jinja templates (`dashboard/templates/`): values are escaped, a missing one is an error."""

from __future__ import annotations

import re
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from dashboard.words.formats import isolated
from dashboard.words.texts import text

FOLDER = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"written": written, "css": css_string}
    return environment


def render(name: str, locale: str, /, **values: object) -> str:
    """The page of a template. It says its words by `text(key, name=value)`, and knows `locale` and `lang`."""
    template = _environment().get_template(name)
    return template.render(text=partial(_text, locale), locale=locale, lang=locale.replace("_", "-"), **values)


def _text(locale: str, key: str, **values: object) -> str:
    return text(key, locale, **values)


def written(words: str) -> Markup:
    """What people wrote, escaped and isolated line by line (UAX 9): an isolate ends with its paragraph."""
    return Markup("\n").join(escape(isolated(line)) for line in words.split("\n"))


def css_string(words: str) -> Markup:
    """The words as a string of CSS (CSS Syntax 3, 4.3.5), that neither its quotes nor the style element can end."""
    return Markup('"' + re.sub(r'["\\<\n\r\f]', lambda letter: f"\\{ord(letter[0]):x} ", words) + '"')  # noqa: S704 - escaped here
