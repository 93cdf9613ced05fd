"""Cells of files that people open in a spreadsheet, and the columns that are written into them."""

from __future__ import annotations

import pytest

from dashboard.words.case_table import heading
from dashboard.words.cells import NOT_IN_XML, cell, line
from dashboard.words.texts import LOCALES, text
from data.queries.cases import SORTS
from rules import case_columns
from rules.case_columns import COLUMNS, COMPOSED, DEFAULT, FACTS, SORTED_BY, WRITTEN, check_sort, checked, written
from rules.errors import Problem


@pytest.mark.parametrize("begin", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＋1", "－1", "＠x"])
def test_what_a_spreadsheet_would_compute_is_neutralised(begin: str):
    assert cell(begin) == f"'{begin}"


@pytest.mark.parametrize("words", ["", "噪音", "a=1", "1-2", "3 + 4", "x@y", "'=1"])
def test_what_it_would_not_stays_as_it_is(words: str):
    assert cell(words) == words


def test_a_line_quotes_what_would_end_it():
    assert line(["a", 'b"c', "d,e", "f\ng"]) == 'a,"b""c","d,e","f\ng"\r\n'
    assert NOT_IN_XML.sub("", "a\x0bb\x00\uffffc\n") == "abc\n"


def test_each_column_has_a_heading_and_a_sorting_that_the_api_knows():
    for locale in LOCALES:
        assert len({heading(column, locale) for column in FACTS}) == len(FACTS)
        assert all(text(f"list.column.{column}", locale) for column in COLUMNS)
    assert set(SORTED_BY.values()) <= set(SORTS) and set(SORTED_BY) <= set(COLUMNS)
    assert set(WRITTEN) == set(FACTS) and set(DEFAULT) == set(COMPOSED)


def test_columns_as_shown_are_written_as_facts_each_once():
    assert written(DEFAULT) == ("severity", "kind", "case_no", "title", "area", "status", "due_at", "reported_at")
    assert written(["status", "case", "due_at"]) == ("status", "case_no", "title", "area", "due_at")
    assert written(["case", "status", "clock"]) == ("case_no", "title", "area", "status", "due_at", "reported_at")
    assert written(["holder"]) == ("holder",)


@pytest.mark.parametrize("columns", [[], ["title", "title"], ["description"], [""], ["title", "reporter_id"]])
def test_other_columns_are_refused(columns: list[str]):
    with pytest.raises(Problem) as refused:
        checked(columns)
    assert refused.value.code == "invalid"


def test_a_list_is_ordered_by_its_headings():
    assert [check_sort(one) for one in ("", "title", "-due_at")] == ["", "title", "-due_at"]
    for wrong in ("queue", "--title", "holder", "-"):
        with pytest.raises(Problem):
            check_sort(wrong)
    assert case_columns.checked(["case", "holder"]) == ("case", "holder")
