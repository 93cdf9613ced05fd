"""The small language of a mapping file."""

from __future__ import annotations

import pytest

from imports.fields import read_conditions, read_field
from imports.mapping import make_mapping, read_mapping
from imports.report import InputError


def read(spec, **row):
    return read_field("x", spec).read(row)


def test_a_text_is_a_column():
    assert read_field("x", "a").text({"a": " one "}) == "one"
    assert read_field("x", "a").text({"a": ""}) is None


def test_values_default_prefix_and_padding():
    spec = {"column": "a", "values": {"Yes": "1", "No": "0"}}
    assert read(spec, a="yes ") == "1"
    assert read(spec, a="perhaps") == "perhaps"
    assert read({**spec, "default": "0"}, a="perhaps") == "0"
    assert read({"column": "a", "default": "none"}, a="") == "none"
    assert read({"column": "a", "pad": "4", "prefix": "P"}, a=7.0) == "P0007"


def test_joining_choosing_templates_and_constants():
    assert read({"columns": ["a", "b"], "separator": "-"}, a="1", b="2") == "1-2"
    assert read({"first_of": ["a", "b"]}, a="", b="2") == "2"
    assert read({"template": "{a}/{b}"}, a="1", b=2.0) == "1/2"
    assert read({"value": "request"}) == "request"
    assert read({"column": "a", "replace": {"/": "-"}}, a="1/2") == "1-2"
    assert read({"column": "a", "slug": "true"}, a="Ward 1") == "ward-1"
    assert read({"column": "a", "slug": "true"}, a="青山区") == "qing-shan-qu"


def test_numbers_of_a_workbook_are_codes_without_a_point():
    assert read_field("x", "a").text({"a": 532801.0}) == "532801"


def test_conditions():
    one, two, three, four = read_conditions(
        "skip_when",
        [
            {"column": "a", "is": ["x", "y"]},
            {"column": "a", "empty": "true"},
            {"column": "a", "matches": "^9"},
            {"column": "a", "not": "z"},
        ],
    )
    assert one.holds({"a": "X"})
    assert not one.holds({"a": "z"})
    assert two.holds({"a": None})
    assert three.holds({"a": "91"})
    assert not four.holds({"a": "Z"})


@pytest.mark.parametrize(
    ("mapping", "hint"),
    [
        ({"deployement": {}}, "did you mean 'deployment'"),
        ({"cases": {"feilds": {}}}, "did you mean 'fields'"),
        ({"cases": {"fields": {"titel": "t"}}}, "did you mean 'title'"),
        ({"cases": {"fields": {"title": {"colunm": "t"}}}}, "did you mean 'column'"),
        ({"deployment": {"timezone": "Asia/Peking"}}, "no time zone"),
        ({"deployment": {"locale": "de"}}, "unknown for deployment.locale"),
        ({"levels": [{"code": "a"}, {"code": "a"}]}, "twice"),
        ({"categories": [{"code": "a", "kind": "quarrel"}]}, "unknown for categories.kind"),
        ({"cases": {"skip_when": [{"column": "a", "matches": "("}]}}, "no pattern"),
        ({"cases": {"date_order": ["dmy"]}}, r"unknown for cases\.date_order"),
        ({"cases": {"dissolve": "perhaps"}}, r"cases\.dissolve: 'perhaps' has to be true or false"),
        ({"cases": [{"file": "a"}, "b"]}, "cases: has to be a mapping of file, sheet"),
        ({"cases": {"sheet": ["a", "b"]}}, r"cases\.sheet: has to be a text"),
        ({"cases": {"what": "areas"}}, "unknown key 'what'"),
        ({"deployment": {"timezone": ["UTC"]}}, r"deployment\.timezone: has to be a text"),
        ({"deployment": {"root": {"code": "a b"}}}, r"deployment\.root\.code: 'a b' is no code"),
        ({"levels": {"code": "a"}}, "levels: has to be a list"),
        ({"categories": [{"kind": "dispute"}]}, r"categories\.code: is missing"),
    ],
)
def test_mistakes_are_named(mapping, hint):
    with pytest.raises(InputError, match=hint):
        make_mapping(mapping)


def test_texts_stay_texts(tmp_path):
    file = tmp_path / "m.yaml"
    file.write_text("cases:\n  fields:\n    area: {column: a, values: {0601: NO, yes: 08}}\n", "utf-8")
    (section,) = read_mapping(file).cases
    assert section.fields["area"].values == {"0601": "NO", "yes": "08"}


def test_a_file_that_is_no_mapping(tmp_path):
    file = tmp_path / "m.yaml"
    for content in ("- a\n", "a: [\n"):
        file.write_text(content)
        with pytest.raises(InputError, match=r"m.yaml"):
            read_mapping(file)


def test_a_file_without_a_section_is_refused():
    mapping = make_mapping({"areas": [{"file": "wards*", "level": "ward"}]})
    assert mapping.sections_for("areas", "Wards.geojson")
    with pytest.raises(InputError, match="no section of 'areas'"):
        mapping.sections_for("areas", "precincts.geojson")


def deployment_of(**said):
    return make_mapping({"deployment": said}).deployment


def test_a_deployment_has_its_own_words_sources_and_calendar():
    words = {"source.grid_worker": {"en": "Field crew"}, "tier.mark.key": "!"}
    made = deployment_of(words=words, sources=["resident"], calendar="us")
    assert made.words == {"source.grid_worker": {"en": "Field crew"}, "tier.mark.key": {"zh_CN": "!", "en": "!"}}
    assert made.sources == ("resident",) and made.calendar == "US"


@pytest.mark.parametrize(
    "said",
    [{"words": {"source.gridworker": "x"}}, {"words": {"tier.mark.key": "KEY"}}, {"words": {"stage.1": {"fr": "x"}}},
     {"words": {"stage.1": "{n}"}}, {"sources": ["radio"]}, {"calendar": "XX"}, {"words": ["x"]}],
)  # fmt: skip
def test_a_wrong_word_is_named(said):
    with pytest.raises(InputError):
        deployment_of(**said)
