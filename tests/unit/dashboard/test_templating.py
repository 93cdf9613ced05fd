"""Templates escape what people wrote, in HTML and in CSS, and refuse a value that nobody gave."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from dashboard.templating import css_string, render, written


def test_what_people_wrote_is_escaped_and_isolated_line_by_line() -> None:
    assert written("<b>\nline & more") == "\u2068&lt;b&gt;\u2069\n\u2068line &amp; more\u2069"
    assert written("") == ""


@pytest.mark.parametrize("words", ['a"b', "a\\b", "a\nb", "</style><script>"])
def test_a_css_string_ends_at_its_own_quote_alone(words: str) -> None:
    string = css_string(words)
    assert string[0] == string[-1] == '"'
    assert not set(string[1:-1]) & {'"', "<", "\n"} and "\\\\" not in string


def test_a_page_says_its_words_in_its_language_and_escapes_values() -> None:
    page = render("problem.html", "zh_CN", words="<script>", detail="<b>", way=("/", "state.home"))
    assert '<html lang="zh-CN">' in page and "&lt;script&gt;" in page and "&lt;b&gt;" in page and "返回首页" in page


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render("problem.html", "en")
