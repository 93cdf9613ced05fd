"""Panels from plain views: what they show, in both languages, and that what people wrote stays text."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dashboard import ids, theme
from dashboard.pages import case as case_page
from dashboard.pages import case_record
from dashboard.panels import case_lists, case_panel, charts, rail, stage_line, topbar, trace_list
from dashboard.view_models import (
    AreaRow,
    AreaStep,
    Candidate,
    CaseView,
    CategoryCount,
    Changes,
    MonthCounts,
    Scene,
    TierMove,
    TraceEntry,
    Why,
)
from dashboard.words.reasons import reason_words
from dashboard.words.texts import LOCALES, text
from tests.steps.components import NOW, find, parts, reader, words
from web.pages.markup import markup

SCRIPT = "<script>alert(1)</script>"


def scene(**changes: Any) -> Scene:
    made = Scene(
        steps=(AreaStep("5328", "州", "prefecture"), AreaStep("532801", "景洪市", "county")),
        level_name="县（市）",
        child_level_name="乡镇",
        centre="景洪市综治中心",
        post="调度岗",
        tier="watch",
        counts={"open": 1241, "waiting": 6, "overdue": 3, "settled_month": 118, "to_file": 41, "unlocated": 2},
        children=(AreaRow("1", "嘎洒", "key", 12, 2, 5), AreaRow("2", "勐养", None, 3, 0, 0)),
        unlocated=2,
        months=(MonthCounts(NOW - timedelta(days=31), 10, 8), MonthCounts(NOW, 12, 11)),
        categories=tuple(CategoryCount(f"类别{n}", 20 - n) for n in range(10)),
        as_of=NOW,
        seq=7,
    )
    return replace(made, **changes)


def case(**changes: Any) -> CaseView:
    entries = (
        TraceEntry(NOW - timedelta(hours=5), "report", "handler", "某村", to_status="reported", stage=1),
        TraceEntry(NOW - timedelta(hours=4), "accept", "dispatcher", "中心", to_status="accepted", stage=2),
        TraceEntry(NOW - timedelta(hours=1), "assess", "dispatcher", "中心", to_status="waiting", stage=3),
    )
    made = CaseView(
        case_no="20260615-532801-00001",
        kind="dispute",
        category="邻里关系",
        title=SCRIPT,
        description=SCRIPT,
        severity="grave",
        source="resident",
        status="waiting",
        stage=3,
        place="景洪市",
        area="1",
        holder="中心",
        version=3,
        reported_at=NOW - timedelta(hours=5),
        status_since=NOW - timedelta(hours=1),
        due_at=NOW - timedelta(minutes=30),
        clock="dispatch",
        closed_at=None,
        moves=("dispatch",),
        trace=entries,
        candidates=(
            Candidate(8, "甲", 1, (Why("area", {}),), (), 3, 10, 1200.0),
            Candidate(9, "乙", 2, (), (Why("full", {"load": 10, "capacity": 10}),), 10, 10, None),
        ),
    )
    return replace(made, **changes)


@pytest.mark.parametrize("locale", LOCALES)
def test_rail_shows_area_counts_and_children(locale: str) -> None:
    drawn = rail.rail(scene(), reader(locale))
    assert words(find(drawn, id=ids.AREA_TITLE)) == "景洪市"
    assert words(find(drawn, id=ids.COUNT_OPEN)) == "1,241"
    rows = find(drawn, role="option")
    assert [getattr(row, "data-code") for row in rows] == ["1", "2"]
    assert [getattr(row, "data-tier") for row in rows] == ["key", ""]
    assert [row.tabIndex for row in rows] == [0, -1]
    assert find(drawn, data_list="unlocated")


def test_rail_keeps_a_place_for_the_reasons_first_where_they_are_the_question() -> None:
    grid = find(rail.rail(scene(leaf=True, told_why=True, children=()), reader()), id=ids.WHY)
    assert [part.className for part in grid] == ["why why-leaf"]
    above = rail.rail(scene(told_why=True, tiers={"key": 2, "watch": 0, "normal": 9}), reader())
    assert [getattr(part, "data-area") for part in find(above, id=ids.WHY)] == ["532801"]
    assert "重点2" in words(find(above, className="shares-said"))
    assert len(find(above, className="shares")[0].children) == 2
    assert not find(rail.rail(scene(), reader()), id=ids.WHY)


def test_compact_rail_leaves_the_room_to_the_queue() -> None:
    assert not find(rail.rail(scene(), reader(), compact=True), id=ids.AREA_LIST)


@pytest.mark.parametrize("locale", LOCALES)
def test_case_panel_has_stages_clock_candidates_and_actions(locale: str) -> None:
    drawn = case_panel.case_panel(case(), reader(locale))
    assert len(find(drawn, aria_current="step")) == 1
    assert [part.defaultChecked for part in find(drawn, type="radio")] == [True, False]
    assert find(drawn, id=ids.ASSIGN_SUBMIT)
    assert find(drawn, data_case_no="20260615-532801-00001")


def test_what_people_wrote_is_text_only() -> None:
    drawn = case_panel.case_panel(case(), reader())
    assert SCRIPT in words(drawn)
    assert "dangerously" not in json.dumps(drawn.to_plotly_json(), default=lambda part: part.to_plotly_json())
    assert not [
        part for part in parts(drawn) if type(part).__name__ in ("Markdown", "DangerouslySetInnerHTML", "Iframe")
    ]


def test_case_without_moves_says_so() -> None:
    drawn = case_panel.actions(case(moves=()), reader("en"))
    assert not find(drawn, type="button")
    assert "Nothing for you to do" in words(drawn)


def test_reasons_become_words_and_unknown_ones_keep_their_code() -> None:
    assert "10/10" in reason_words("full", {"load": 10, "capacity": 10}, "en")
    assert reason_words("own_rule", {}, "en") == "own_rule"


def test_time_in_stages_adds_up_to_the_life_of_the_case() -> None:
    told = stage_line.dwell_of(case(), reader())
    assert told is not None
    assert told.total == NOW - case().trace[0].at
    rows = stage_line.dwell_rows(told, reader())
    assert rows[-1][2] == stage_line.exact(int(told.total.total_seconds() // 60), reader().locale)


def test_a_time_that_nobody_told_is_told_as_unknown_everywhere() -> None:
    first, second, third = case().trace
    imported = case(trace=(first, replace(second, at=first.at, time_known=False), third))
    for shown in (
        stage_line.stage_line(imported, reader()),
        stage_line.dwell_table(imported, reader()),
        trace_list.trace_list(imported, reader()),
        case_page.hand_path(imported, reader()),
    ):
        assert "时间未知" in words(shown)
    assert words(stage_line.stage_line(imported, reader())).count("时间未知") == 2
    record = case_record.document(imported, reader(), deployment="某州", synthetic=True, route="<svg/>")
    assert record.count("时间未知") == 4, "two stages, a station and the act itself"
    assert "时间未知" not in words(trace_list.trace_list(case(), reader()))


def test_charts_are_quiet() -> None:
    figure = charts.trend(scene().months, reader())
    assert list(figure.data[0].y) == [10, 12]
    assert list(figure.data[1].y) == [8, 11]
    assert charts.CONFIG["displayModeBar"] is False
    bars = charts.categories(scene().categories, scene().months, reader())
    assert len(bars.data[0].y) == charts.SHOWN_CATEGORIES


def came(**other: Any) -> Changes:
    made = Changes(
        since=NOW - timedelta(hours=28),
        brought={"open": 3, "waiting": -2, "to_file": 0},
        new=12,
        settled=7,
        overdue=1,
        moved=(TierMove("532801001", "嘎洒", "watch", "key"), TierMove("532801002", "勐养", "key", "normal")),
        yesterday=(NOW - timedelta(days=1)).date(),
        reported_day=9,
        usual=(3, 6),
    )
    return replace(made, **other)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_figure_says_in_words_and_sign_by_how_many_it_changed(locale: str) -> None:
    tiles = rail.metric_tiles(scene(changes=came()), reader(locale))
    said = [part.children for part in find(tiles, className="door-change")]
    assert said == {
        "zh_CN": ["较昨日8时 +3", "较昨日8时 −2", "与昨日8时持平"],
        "en": ["+3 on 08:00 yesterday", "−2 on 08:00 yesterday", "as at 08:00 yesterday"],
    }[locale]
    assert [getattr(part, "data-before") for part in find(tiles, className="door-change")] == ["1238", "8", "41"]
    assert not find(rail.metric_tiles(scene(), reader(locale)), className="door-change")


@pytest.mark.parametrize(
    ("usual", "said"),
    [
        ((310, 345), ["高于同星期常见范围 310–345"]),
        ((1300, 2500), ["低于同星期常见范围 1,300–2,500"]),
        ((1200, 1300), [""]),
        (None, []),
    ],
)
def test_a_figure_says_what_is_unusual_and_nothing_of_what_is_not(usual: tuple[int, int] | None, said: list[str]) -> None:
    tiles = rail.metric_tiles(scene(changes=came(ranges={} if usual is None else {"open": usual})), reader())
    assert [part.children for part in find(tiles, className="door-unusual")] == said
    hint = find(tiles, className="door door-open")[0].title
    assert ("过去八周" in hint) == (usual is not None), "what the range is, stands under the figure"


def test_what_changed_is_doors() -> None:
    drawn = rail.rail(scene(changes=came()), reader())
    lists = [getattr(part, "data-list") for part in find(drawn, className="change-door")]
    assert lists == ["new_since", "settled_since", "overdue_since"]
    moved = [getattr(part, "data-go-area") for part in find(drawn, className="change-moved")[0].children]
    assert moved == ["532801001", "532801002"]
    assert "关注升为重点" in words(drawn) and "重点降为常态" in words(drawn)
    assert not find(rail.rail(scene(changes=came()), reader(), compact=True), className="change-door")


@pytest.mark.parametrize(
    ("number", "usual", "said"),
    [(9, (3, 6), "高于"), (1, (3, 6), "低于"), (5, (3, 6), "通常 3–6 件"), (4, (4, 4), "通常 4 件"), (9, None, "昨日新增 9 件")],
)
def test_yesterday_is_held_against_its_weekday(number: int, usual: tuple[int, int] | None, said: str) -> None:
    (line,) = find(rail.rail(scene(changes=came(reported_day=number, usual=usual)), reader()), className="change-yesterday")
    assert said in line.children
    assert ("通常" in line.children) == (usual is not None)


def test_every_point_of_a_chart_is_a_filter_by_pointer_and_by_keys() -> None:
    shown = scene()
    figures = (charts.trend(shown.months, reader()), charts.categories(shown.categories, shown.months, reader()))
    points = {wanted for figure in figures for line in figure.data for _name, wanted in line.customdata}
    first, last = (f"{row.month:%Y-%m}" for row in (shown.months[0], shown.months[-1]))
    assert {f"reported={first}", f"settled={last}"} <= points
    assert any(point.endswith(f"&reported={first}_{last}") and point.startswith("category=") for point in points)
    buttons = markup(charts.charts(shown, reader()))
    assert all(f'data-filter-by="{point.replace("&", "&amp;")}"' in buttons or point in buttons for point in points)


def test_an_area_without_cases_says_so_instead_of_an_empty_chart() -> None:
    empty = scene(months=(MonthCounts(NOW, 0, 0),), categories=())
    assert "没有案件" in words(charts.charts(empty, reader()))


def test_lists_speak_the_language_of_the_reader_and_sort_by_what_the_api_sorts_by() -> None:
    columns = {locale: markup(case_lists.case_list("list-open", status="open", locale=locale, title_key="list.open"))
               for locale in ("zh_CN", "en")}  # fmt: skip
    assert all(f'data-sort="{field}"' in columns["en"] for field in ("severity", "title", "due_at"))
    assert text("list.column.case", "zh_CN") in columns["zh_CN"] and text("list.column.case", "en") in columns["en"]


def test_breadcrumb_marks_where_one_is() -> None:
    crumbs = [part for part in topbar.breadcrumb(scene().steps) if getattr(part, "className", "") == "crumb"]
    assert [getattr(part, "aria-current", None) for part in crumbs] == [None, "page"]


def test_stylesheet_of_the_browser_is_that_of_the_tokens() -> None:
    assert theme.FILE.read_text("utf-8") == theme.stylesheet()
    assert set(theme.DARK) == set(theme.LIGHT)
