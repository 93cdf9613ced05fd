"""What is typed into the search, as words: width, case and unseen marks make no difference."""

from __future__ import annotations

import pytest

from rules.search_words import folded, letters, wanted


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("ＱＳ－２０２４－００７", "qs-2024-007"),
        ("QS\u200b-2024\ufeff-007", "qs-2024-007"),
        ("\u202aqs-2024-007\u202c", "qs-2024-007"),
        ("ﬁre", "fire"),
        ("勐海\u00ad县", "勐海县"),
        ("Ⅻ", "xii"),
        ("㈱", "(株)"),
    ],
)
def test_what_looks_alike_is_alike(typed: str, same: str):
    assert folded(typed) == same
    assert wanted(typed).queries == wanted(same).queries


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("QS-2024-007", "qs2024007"),
        (" 101002497550 ", "101002497550"),
        ("20240312-532801-00042", "2024031253280100042"),
        ("（2024）云2801民初77号", "2024云2801民初77号"),
        ("qs 2024 007", None),
        ("42", None),
        ("1000 Vallejo", None),
        ("噪音", None),
        ("", None),
    ],
)
def test_what_could_be_a_number(typed: str, number: str | None):
    assert wanted(typed).number == number


def test_a_number_is_compared_by_its_letters():
    assert letters("QS-2024/007") == letters("ｑｓ 2024·007") == "qs2024007"


@pytest.mark.parametrize(
    ("typed", "queries"),
    [
        ("North  Beach,Vallejo", ("('north':*)", "('beach':*)", "('vallejo':*)")),
        ("噪音扰民", ("('噪音' & '音扰' & '扰民')",)),
        ("井", ("('井':*)",)),
        ("3号楼", ("('3':* & '号楼')",)),
        ("Lu'an", ("('lu':* & 'an':*) | ('luan':*)",)),
        ("lüchun", ("('lüchun':*) | ('lvchun':*)",)),
        ("噪音、漏水", ("('噪音')", "('漏水')")),
        ("% _ \\ ' & | ! <-> :*", ()),
    ],
)
def test_words_are_found_by_their_beginning_and_chinese_by_pairs(typed: str, queries: tuple[str, ...]):
    assert wanted(typed).queries == queries


def test_there_is_an_end_to_words():
    assert len(wanted(" ".join("abcdefghijklmnop")).queries) == 8
    assert len(wanted("x" * 100).queries[0]) < 80


def test_one_letter_is_too_short_for_cases():
    assert wanted("c").is_short and wanted("井").is_short and wanted("-").is_short
    assert not wanted("cd").is_short and not wanted("漏水").is_short
