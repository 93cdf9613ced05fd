"""Free texts of a file come in without the numbers of persons and without letters that hide; the report counts both."""

from __future__ import annotations

import pytest

from imports.words import HIDDEN, PERSONAL, clean_words


@pytest.mark.parametrize(
    ("given", "taken", "told"),
    [
        ("楼上漏水，电话 138-0013-8000", "楼上漏水，电话 ***", [PERSONAL]),
        ("１３８００１３８０００ 来电", "*** 来电", [PERSONAL]),
        ("1\u200b3800138000 来电", "*** 来电", [HIDDEN, PERSONAL]),
        ("夜间\u202e噪音", "夜间噪音", [HIDDEN]),
        ("第一行\n第二行", "第一行\n第二行", []),
        ("并入20260310-532801-00012", "并入20260310-532801-00012", []),
        ("\u200b", "", [HIDDEN]),
        ("…", "", []),
        (None, "", []),
    ],
)
def test_what_comes_in_and_what_is_told(given: str | None, taken: str, told: list[str]):
    notes: list[str] = []
    assert clean_words(given, notes) == taken
    assert notes == told
