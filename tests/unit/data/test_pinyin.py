"""How names are spelt for the search: readings of places, initials, from every syllable on."""

from __future__ import annotations

import pytest

from data.pinyin import PLACES, search_letters, syllables_of


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("浚县", "xun xian"),
        ("蔚县", "yu xian"),
        ("六安市", "lu an shi"),
        ("漯河市", "luo he shi"),
        ("乐清市", "yue qing shi"),
        ("番禺区", "pan yu qu"),
        ("东阿县", "dong e xian"),
        ("重庆", "chong qing"),
        ("景洪市", "jing hong shi"),
        ("勐海县", "meng hai xian"),
    ],
)
def test_names_of_places_are_read_as_places(name: str, read: str):
    assert syllables_of(name) == read.split()


def test_the_table_is_what_is_read():
    assert [name for name, read in PLACES.items() if syllables_of(name) != read.split()] == []


def test_a_name_is_found_from_each_of_its_syllables():
    assert search_letters("景洪市").split() == ["jinghongshi", "jhs", "hongshi", "hs", "shi", "s"]


def test_whoever_reads_a_place_as_a_common_word_finds_it_too():
    words = search_letters("浚县").split()
    assert {"xunxian", "junxian", "xx", "jx"} <= set(words)


def test_u_with_dots_is_typed_as_v_or_u():
    assert {"lvchunxian", "luchunxian"} <= set(search_letters("绿春县").split())


def test_latin_names_need_no_spelling():
    assert search_letters("North Beach", "") == ""
    assert search_letters("A1 街道").split()[0] == "jiedao"
