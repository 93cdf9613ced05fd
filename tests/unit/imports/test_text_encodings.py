"""Bytes become text only where that is certain; else the refusal shows what they could be."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
import shapely

from imports.features import read_features
from imports.mapping import AreaSection, CaseSection
from imports.plausibility import garbled
from imports.report import InputError
from imports.tables import read_table
from imports.text_encoding import decode

SAMPLES = Path(__file__).parents[2] / "data/import_faults"
CHINESE = (
    "case_no,category,title,organisation\n1,噪音,楼上深夜大声唱歌,浚县司法所\n2,垃圾,清水沟边垃圾成堆,城管局\n3,欠薪,王喆拖欠工资,人社局\n"
)
GERMAN = "case_no,category,title\n1,Lärm,Straße größer\n2,Müll,Über Äcker\n"
KOREAN = "case_no,category,title\n1,소음,한국어 제목 입니다\n2,쓰레기,서울특별시 강남구\n"
TRADITIONAL = "case_no,category,title\n1,噪音,樓上深夜大聲唱歌\n2,垃圾,清水溝邊垃圾成堆\n"
JAPANESE = "case_no,category,title\n1,騒音,上の階がうるさい\n"
RUSSIAN = "case_no,category,title\n1,шум,громкая музыка ночью\n2,мусор,Куча мусора у дома\n"
UNMARKED = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


@pytest.mark.parametrize("text", [CHINESE, GERMAN, KOREAN, TRADITIONAL, JAPANESE, RUSSIAN])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_says_what_it_is(text, encoding):
    assert decode("a.csv", text.encode(encoding), None) == text


@pytest.mark.parametrize(
    "text", [CHINESE, "编号,名称\n1,青山\n", "a,b\n1,大声\n", "code,name\nD2,部门二\n", "姓名\n王喆\n李昊轩的邻居\n", "a\n联通\n"]
)
@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_chinese_of_today_is_certain(text, encoding):
    assert decode("a.csv", text.encode(encoding), None) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((GERMAN, encoding) for encoding in ("latin-1", "cp1252", "cp850", "mac_roman")),
        *((KOREAN, encoding) for encoding in ("euc_kr", "cp949")),
        *((JAPANESE, encoding) for encoding in ("shift_jis", "euc_jp", "iso2022_jp")),
        *((RUSSIAN, encoding) for encoding in ("cp1251", "koi8-r", "iso8859-5", "cp866")),
        (TRADITIONAL, "big5"),
        *((text, encoding) for text in (CHINESE, GERMAN, KOREAN) for encoding in UNMARKED),
    ],
)
def test_what_could_be_anything_is_refused_and_can_be_named(text, encoding):
    with pytest.raises(InputError, match=r"a\.csv.*--encoding|ISO-2022"):
        decode("a.csv", text.encode(encoding), None)
    assert decode("a.csv", text.encode(encoding), encoding) == text


def test_the_refusal_shows_how_it_would_read():
    with pytest.raises(InputError, match=r"row 2.*'Lärm' in cp1252"):
        read_table(SAMPLES / "03b_latin1.csv", CaseSection())


@pytest.mark.parametrize(
    ("most", "one"), [("utf-8", "gb18030"), ("gb18030", "utf-8"), ("utf-8", "latin-1"), ("gb18030", "latin-1")]
)
def test_one_row_in_another_encoding_is_named(most, one):
    lines = [line.encode(most) for line in CHINESE.split("\n")]
    lines[2] = ("2,a,Müll größer" if one == "latin-1" else CHINESE.split("\n")[2]).encode(one)
    with pytest.raises(InputError, match=r"a\.csv row 3: not in .* as the other rows are"):
        decode("a.csv", b"\n".join(lines), None)


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        (CHINESE, "gb18030", "latin-1"),
        (CHINESE, "gb18030", "cp1252"),
        (CHINESE, "gb18030", "big5"),
        (CHINESE, "utf-8", "latin-1"),
        (CHINESE, "utf-8", "gbk"),
        (GERMAN, "utf-8", "cp1252"),
        (GERMAN, "latin-1", "gbk"),
        (GERMAN, "latin-1", "utf-8"),
        (CHINESE, "utf-16", "gbk"),
        (CHINESE, "utf-8-sig", "gbk"),
    ],
)
def test_a_label_that_lies(text, encoding, said):
    with pytest.raises(InputError, match=r"a\.csv"):
        decode("a.csv", text.encode(encoding), said)


@pytest.mark.parametrize("said", ["hex", "rot13", "nope", "punycode", "unicode_escape", "a\x00b", ""])
def test_what_is_no_encoding(said):
    if said:
        with pytest.raises(InputError, match="encoding"):
            decode("a.csv", b"a,b\n", said)
    else:
        assert decode("a.csv", b"a,b\n", said) == "a,b\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_a_mark_before_a_quoted_heading_with_the_encoding_named(encoding):
    assert decode("a.csv", '\ufeff"编号",b\n1,2\n'.encode(encoding), encoding).startswith('"编号"')


def test_a_text_that_two_encodings_allow_is_refused():
    with pytest.raises(InputError, match="'ал' in utf-8, '邪谢' in gb18030"):
        decode("a.csv", "a,b\n1,邪谢\n".encode("gb18030"), None)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("MÃ¼ll", "Müll"),
        ("噪音".encode().decode("gb18030"), "噪音"),
        ("噪音扰民".encode().decode("gb18030"), "噪音扰民"),
        ("Ã©tÃ©", "été"),
        ("锟斤拷", ""),
        ("gr\ufffdn", ""),
    ],
)
def test_what_was_spoilt_before_it_came(text, meant):
    assert garbled(text) == meant


@pytest.mark.parametrize(
    "text",
    ["Müll", "噪音", "São Paulo", "茅台镇", "鑫鑫超市", "王喆", "淼焱", "Ã", "plain", "50 °C", "№ 5", "한국어", "привет",
     "Müll „groß“", "die „SPÄ“"],
)
def test_what_is_only_rare(text):
    assert garbled(text) is None


def shapes(path, encoding, **values):
    frame = geopandas.GeoDataFrame({name: [value] for name, value in values.items()}, geometry=[shapely.box(0, 0, 1, 1)])
    frame.to_file(path, encoding=encoding)
    return path


@pytest.mark.parametrize("label", ["ISO-8859-1", "UTF-8", "1252", "BIG5"])
def test_a_cpg_that_lies(tmp_path, label):
    file = shapes(tmp_path / "a.shp", "GB18030", code="1", name="噪音扰民大声")
    assert read_features(file, AreaSection()).features[0].values["name"] == "噪音扰民大声"
    file.with_suffix(".cpg").write_text(label)
    with pytest.raises(InputError, match="--encoding"):
        read_features(file, AreaSection())
    named = read_features(file, AreaSection(encoding="gb18030"))
    assert named.features[0].values["name"] == "噪音扰民大声"
    file.with_suffix(".cpg").unlink()
    assert read_features(file, AreaSection()).features[0].values["name"] == "噪音扰民大声"


def test_a_cpg_that_tells_the_truth(tmp_path):
    file = shapes(tmp_path / "a.shp", "ISO-8859-1", code="1", name="Müll")
    assert read_features(file, AreaSection()).features[0].values["name"] == "Müll"
    file.with_suffix(".cpg").unlink()
    with pytest.raises(InputError, match="--encoding"):
        read_features(file, AreaSection())


@pytest.mark.parametrize(("encoding", "heading"), [("UTF-8", "网格编"), ("GB18030", "网格编号代")])
def test_names_and_values_that_are_cut_within_a_letter(tmp_path, encoding, heading):
    file = shapes(tmp_path / "a.shp", encoding, 网格编号代码="1", name="噪音" * 50)
    features = read_features(file, AreaSection())
    assert features.columns[0] == heading
    table = bytearray(file.with_suffix(".dbf").read_bytes())
    start, row = int.from_bytes(table[8:10], "little"), int.from_bytes(table[10:12], "little")
    width = table[32 + 32 + 16]
    table[start + row - width : start + row] = ("x" + "噪音" * 100).encode(encoding)[:width]
    file.with_suffix(".dbf").write_bytes(table)
    features = read_features(file, AreaSection())
    value = features.features[0].values["name"]
    assert value and set(value) == set("x噪音")
    assert features.notes["texts of the .dbf that are cut at the width of their column"] == 1
