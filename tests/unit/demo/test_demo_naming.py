from __future__ import annotations

import pytest

from demo.naming import english, numeral, romanised


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("西双版纳傣族自治州", "Xishuangbanna Dai Autonomous Prefecture"),
        ("景洪市", "Jinghong City"),
        ("勐海县", "Menghai County"),
        ("嘎洒街道", "Gasa Subdistrict"),
        ("勐龙镇", "Menglong Town"),
        ("西定哈尼族布朗族乡", "Xiding Hani and Blang Township"),
        ("嘎兰社区", "Galan Community"),
        ("曼飞龙村", "Manfeilong Village"),
        ("关累港口社区", "Guanlei Port Community"),
    ],
)
def test_names_in_english(name, expected):
    assert english(name) == expected


def test_syllables_that_would_run_together_are_kept_apart():
    assert romanised("勐阿") == "Meng'a"
    assert romanised("大安") == "Da'an"
    assert romanised("") == ""


@pytest.mark.parametrize(("number", "written"), [(1, "一"), (10, "十"), (14, "十四"), (20, "二十"), (37, "三十七")])
def test_numerals(number, written):
    assert numeral(number) == written
