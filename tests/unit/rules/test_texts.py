"""Letters that nobody sees or that turn a line are found and taken out; no script is refused for being itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import Problem
from rules.texts import check_line, check_lines, first_hidden, has_visible, without_hidden

HIDDEN = [
    ("a\u202eb", "U+202E"),
    ("a\u2066b", "U+2066"),
    ("\u061cab", "U+061C"),
    ("a\u200fb", "U+200F"),
    ("a\u200bb", "U+200B"),
    ("a\ufeffb", "U+FEFF"),
    ("a\u00adb", "U+00AD"),
    ("a\u2060b", "U+2060"),
    ("a\u2061b", "U+2061"),
    ("a\u034fb", "U+034F"),
    ("a\u3164b", "U+3164"),
    ("a\uffa0b", "U+FFA0"),
    ("\u115fa", "U+115F"),
    ("a\U000e0041b", "U+E0041"),
    ("\U0001f3f4\U000e0068\U000e0069\U000e007f", "U+E0068"),
    ("a\u2028b", "U+2028"),
    ("a\u2029b", "U+2029"),
    ("a\u0007b", "U+0007"),
    ("a\u0085b", "U+0085"),
    ("a\u001bb", "U+001B"),
    ("a\nb", "U+000A"),
    ("a\tb", "U+0009"),
    ("a\u200d b", "U+200D"),
    ("\u6d5a\u200d\u53bf", "U+200D"),
    ("a\u200cb", "U+200C"),
    ("ab\ufe0f\ufe0f", "U+FE0F"),
    ("\ufe0fa", "U+FE0F"),
    ("\u6d5a\u180e\u53bf", "U+180E"),
    ("\ufff9a", "U+FFF9"),
    ("\ufffe", "U+FFFE"),
    ("\ud800", "U+D800"),
    ("x" + "\u0301" * 20, "U+0301"),
]
SEEN = [
    "浚县城关镇", "👨\u200d👩\u200d👧 走失", "❤\ufe0f", "👩🏽\u200d🌾", "क्\u200dष", "می\u200cخواهم", "ᠮᠣᠩᠭᠣᠯ ᠤ\u180b",
    "葛\U000e0100城", "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "1\ufe0f\u20e3", "é",
    "ᦑᦻ᧑", "नमस्ते", "བོད་ཡིག", "한국어", "العربية", "עברית", "ท้องที่", "\ue815", "全角\u3000空格", "a\u00a0b", "𠮷",
]  # fmt: skip


@pytest.mark.parametrize(("text", "letter"), HIDDEN, ids=ascii)
def test_what_hides_is_named_refused_and_taken_out(text: str, letter: str):
    assert first_hidden(text) == letter
    with pytest.raises(Problem) as refused:
        check_line("title", text)
    assert (refused.value.code, refused.value.values) == ("hidden_letters", {"field": "title", "letter": letter})
    assert first_hidden(without_hidden(text)) is None


@pytest.mark.parametrize("text", SEEN, ids=ascii)
def test_what_is_written_so_stays(text: str):
    assert first_hidden(text) is None
    assert without_hidden(text) == text
    assert has_visible(text)
    check_line("title", text, required=True)


def test_a_longer_text_has_lines():
    check_lines("description", "一\r\n\t二\n三")
    assert first_hidden("一\n\u202e二", lines=True) == "U+202E"
    assert without_hidden("一\n二") == "一 二"


@pytest.mark.parametrize("text", ["", " ", "\u3000", "…", "——", "\u2800", "\u0301", "！？"])
def test_a_title_in_which_nothing_is_seen_is_none(text: str):
    assert not has_visible(text)
    with pytest.raises(Problem) as refused:
        check_line("title", text, required=True)
    assert refused.value.code == "invalid"


@given(st.text(max_size=100), st.booleans())
def test_what_was_taken_out_is_gone(text: str, lines: bool):
    cleaned = without_hidden(text, lines=lines)
    assert first_hidden(cleaned, lines=lines) is None
    assert (cleaned == text) == (first_hidden(text, lines=lines) is None)
