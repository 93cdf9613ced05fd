"""Numbers of persons are found however they are spelled; dates, amounts, places and case numbers are none."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.personal_data import MASK, contains_personal_data, personal_data, redacted

FOUND = [
    "13800138000",
    "１３８００１３８０００",
    "138 0013 8000",
    "138-0013-8000",
    "138.0013.8000",
    "138 001 380 00",
    "138.001.380.00",
    "(138)0013-8000",
    "138（0013）8000",
    "+86 138 0013 8000",
    "+86-13800138000",
    "(+86)13800138000",
    "0086 138 0013 8000",
    "008613800138000",
    "8613800138000",
    "013800138000",
    "一三八〇〇一三八〇〇〇",
    "幺三八零零幺三八零零零",
    "壹叁捌零零壹叁捌零零零",
    "一三八 〇〇一三 八〇〇〇",
    "①③⑧⓪⓪①③⑧⓪⓪⓪",
    "❶❸❽⓪⓪❶❸❽⓪⓪⓪",
    "⑴⑶⑻ 0013 8000",
    "1\u200b3\u200b8\u200b00138000",
    "1\ufeff3800\u20601380\xad00",
    "1 3 8 0 0 1 3 8 0 0 0",
    "1-3-8-0-0-1-3-8-0-0-0",
    "13-80-01-38-00-0",
    "1380013 8000",
    "13800 138000",
    "1380 0138 000",
    "138OO138OOO",
    "l3800l38000",
    "138_0013_8000",
    "138/0013/8000",
    "138·0013·8000",
    "138—0013—8000",
    "138 - 0013 - 8000",
    "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎",
    "١٣٨٠٠١٣٨٠٠٠",
    "᧑᧓᧘᧐᧐᧑᧓᧘᧐᧐᧐",
    "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣",
    "53280119900101123X",
    "532801199001011234",
    "53280119900101123x",
    "53280119900101123Ｘ",
    "532801 19900101 1234",
    "532801-1990-01-01-1234",
    "532801 1990 0101 123X",
    "５３２８０１１９９００１０１１２３４",
    "五三二八〇一一九九〇〇一〇一一二三四",
    "5328 0119 9001 0112 34",
    "532801.19900101.1234",
    "电话：138,00,13,80,00",
    "手机138、0013、8000",
    "tel: 13800.138000",
    "身份证号 532801900101123",
    "0691-2122222",
    "(0691)2122222",
    "（0691）2122222",
    "0691 2122222",
    "010-62345678",
    "+86 691 2122222",
    "+86 10 6234 5678",
    "(415) 555-0132",
    "415-555-0132",
    "415.555.2671",
    "+1 415 555 2671",
    "+44 20 7946 0958",
    "+14155552671",
    "6222 0212 3456 7894",
    "联系人13812345678。",
    "张三:138 1234 5678,李四",
    "见13812345678/13912345678",
]
FREE = [
    "20260310-532801-00012",
    "19990310-532801-00012",
    "案件20260310-532801-00012重复",
    "面积 1234567890123 平方",
    "2026年3月10日17点到场",
    "2026-03-10 17:30:45",
    "2026-03-15 17:30:45.123",
    "2026.03.15 至 2026.05.20",
    "20260315",
    "20260315173045",
    "13,800,138,000元",
    "1,380,013,800.00",
    "13800138.00元",
    "¥13 800 138 000",
    "532801001001",
    "532801",
    "53280100100101",
    "532801001001001",
    "100.797012, 22.009123",
    "138.123456, 35.1234",
    "138.1234 35.12",
    "22.0090123 100.7970123",
    "N22.009123 E100.797012",
    "151.2093,-33.8688",
    "+22.0090123+100.7970123",
    "192.168.100.123",
    "138.100.123.45",
    "139.123456789",
    "91532800MA6K3XXX0X",
    "101002497550",
    "1-800",
    "共12户37人，其中3人",
    "K12+345",
    "14:30-17:00",
    "3月1日至3月15日，共15天",
    "2000户、1500户、3000户",
    "12345热线",
    "第110号",
    "A栋3单元1502室",
    "$1,234,567,890.12",
    "一九九八年三月十五日",
    "二〇二六年三月一日",
    "一、二、三、四",
    "GB/T 2260-2007",
    "300 400 500",
    "11:30:12 13:45:10 2026",
    "0830-1200",
    "0301-20260310",
    "2026-2027",
    "+5.3%",
    "1990-2026",
    "15:30, 16:45, 17:50",
]


@pytest.mark.parametrize("text", FOUND, ids=ascii)
def test_a_number_of_a_person_is_found_and_masked(text: str):
    assert contains_personal_data(text)
    assert contains_personal_data(f"居民反映，{text}，请处理。")
    masked = redacted(f"居民反映，{text}，请处理。")
    assert MASK in masked and masked.startswith("居民反映，") and masked.endswith("请处理。")
    assert sum(map(str.isdigit, masked)) < 4
    assert contains_personal_data(masked) is None


@pytest.mark.parametrize("text", FREE, ids=ascii)
def test_other_numbers_are_left_alone(text: str):
    assert contains_personal_data(text) is None
    assert redacted(text) == text


SPELLINGS = [
    "0123456789",
    "０１２３４５６７８９",
    "〇一二三四五六七八九",
    "零壹贰叁肆伍陆柒捌玖",
    "٠١٢٣٤٥٦٧٨٩",
    "᧐᧑᧒᧓᧔᧕᧖᧗᧘᧙",
    "⓪①②③④⑤⑥⑦⑧⑨",
    "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
]
UNSEEN = ["", "\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad", "\u3164", "\ufe0f"]
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
days = st.dates(date(1920, 1, 1), date(2025, 12, 31))


def spelled(digits: str, alphabet: str, unseen: str) -> str:
    return unseen.join(alphabet[int(digit)] if digit.isdigit() else digit for digit in digits)


@given(mobiles, st.sampled_from(SPELLINGS), st.sampled_from(UNSEEN), st.sampled_from(["", " ", "-", ".", "·", "_", "—"]))
def test_a_mobile_number_in_every_spelling(number: str, alphabet: str, unseen: str, between: str):
    parts = [spelled(part, alphabet, unseen) for part in (number[:3], number[3:7], number[7:])]
    text = f"请找他{between.join(parts)}商量"
    found = personal_data(text)
    assert [text[one.start : one.end] for one in found] == [between.join(parts)]
    assert redacted(text) == f"请找他{MASK}商量"


@given(st.sampled_from(["110101", "532801", "650102"]), days, st.from_regex(r"[0-9]{3}[0-9Xx]", fullmatch=True),
       st.sampled_from(SPELLINGS), st.sampled_from(UNSEEN), st.sampled_from(["", " ", "-", "."]))  # fmt: skip
def test_an_identity_number_in_every_spelling(place, born, tail, alphabet, unseen, between):
    parts = [spelled(part, alphabet, unseen) for part in (place, born.strftime("%Y%m%d"), tail)]
    assert contains_personal_data(f"证{between.join(parts)}号") == "identity_number"


@given(st.datetimes(datetime(1950, 1, 1), datetime(2050, 1, 1)))
def test_moments_are_none(moment: datetime):
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y/%m/%d %H:%M", "%Y.%m.%d", "%Y年%m月%d日%H时%M分", "%Y%m%d"):
        assert contains_personal_data(moment.strftime(form)) is None


@given(days, st.integers(110000, 659999), st.integers(1, 99999))
def test_case_numbers_are_none(day: date, county: int, serial: int):
    assert contains_personal_data(f"并入{day:%Y%m%d}-{county}-{serial:05d}办理") is None


@given(st.floats(-180, 180), st.floats(-90, 90), st.integers(2, 8), st.sampled_from([", ", ",", " ", "，", " / "]))
def test_coordinates_are_none(lon: float, lat: float, digits: int, between: str):
    assert contains_personal_data(f"({lon:.{digits}f}{between}{lat:.{digits}f})") is None


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_amounts_are_none(whole: int, cents: int):
    assert contains_personal_data(f"赔偿{whole:,}元，{whole:,}.{cents:02d}元") is None


@given(st.integers(110000, 659999), st.integers(0, 999), st.integers(0, 999))
def test_area_codes_are_none(county: int, township: int, village: int):
    assert contains_personal_data(f"{county} {county}{township:03d} {county}{township:03d}{village:03d}") is None


@given(st.text(max_size=200))
def test_any_text_is_read_and_what_is_masked_stays_masked(text: str):
    masked = redacted(text)
    assert (masked == text) == (contains_personal_data(text) is None)
