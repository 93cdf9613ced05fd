"""The clocks of a deployment: the defaults, the example, a file of its own, a wrong file, and the public holidays."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data.calendar import working_calendar
from data.sla_settings import SlaSettingsError, load_sla
from rules.calendar import Basis
from rules.cases import Kind, Severity
from rules.sla import Limit, Step

ZONE = ZoneInfo("Asia/Shanghai")
EXAMPLE = Path(__file__).parents[3] / "docs" / "clocks.example.yaml"


def test_the_example_says_what_holds_without_a_file():
    assert load_sla(ZONE, path=EXAMPLE) == load_sla(ZONE)


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path: Path):
    path = tmp_path / "clocks.yaml"
    path.write_text(
        "sign: {grave: 30m}\nby_kind: {hazard: {settle: {basis: office, grave: 3d}}}\nshares: {warn: 0.5}\n"
        "calendar: {days_off: [2026-04-14], work_days: [2026-04-18], weekend: [7], office: ['09:00-17:00']}\n"
    )
    sla, plain = load_sla(ZONE, path=path), load_sla(ZONE)
    assert sla.sign.grave == Limit(timedelta(minutes=30)) and sla.sign.minor == plain.sign.minor
    assert sla.limit(Step.settle, Kind.hazard, Severity.grave) == Limit(timedelta(days=3), Basis.office)
    assert sla.limit(Step.settle, Kind.hazard, Severity.minor) == Limit(timedelta(days=15), Basis.office)
    assert sla.settle == plain.settle and (sla.warn, sla.above) == (0.5, 2.0)
    calendar = sla.calendar
    assert not calendar.is_workday(date(2026, 4, 14)) and calendar.is_workday(date(2026, 4, 18))
    assert (calendar.weekend, calendar.office) == (frozenset({6}), ((time(9), time(17)),))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("sing: {minor: 2h}", "sing: is no key"),
        ("sign: {minor: 2}", "sign.minor: 2 is not a time"),
        ("sign: {minor: 0h}", "sign.minor: '0h' is not a time"),
        ("sign: {basis: weeks}", "sign.basis: 'weeks'"),
        ("sign: 2h", "sign: has to be keys"),
        ("by_kind: {quarrel: {}}", "by_kind.quarrel: is no key"),
        ("by_kind: all", "by_kind: has to be keys and values"),
        ("shares: {warn: early}", "shares.warn: Input should be a valid number"),
        ("sign: {1: 2h}", "sign: has a key that is no text"),
        ("shares: {warn: 1.5}", "shares: warn, leader and above"),
        ("calendar: {country: XX}", "no public holidays are known for 'XX'"),
        ("calendar: {days_off: [soon]}", "calendar.days_off: 'soon'"),
        ("calendar: {weekend: [0]}", "calendar.weekend: 0"),
        ("calendar: {office: ['12:00-09:00']}", "office hours"),
        ("calendar: {office: ['08:00-12:00', '11:00-18:00']}", "office hours overlap: 08:00-12:00 and 11:00-18:00"),
        ("calendar: {office: ['22:00-06:00', '05:00-08:00']}", "office hours overlap"),
        ("calendar: {office: ['08:00-24:30']}", "no time of a day"),
        ("calendar: {office: ['24:00-08:00']}", "no time of a day"),
        ("calendar: {office: ['08:60-09:00']}", "no time of a day"),
        ("calendar: {office: ['08:00-08:00']}", "has no length; a whole day is 00:00-24:00"),
        ("calendar: {office: []}", "calendar.office: office hours: there are none"),
        ("calendar: {office: }", "calendar.office: office hours: there are none"),
        ("calendar: {office: [noon]}", "'noon' is not like 08:30-12:00"),
        ("- a list", "has to be keys and values"),
        ("a: [", "no YAML"),
    ],
)
def test_a_wrong_file_is_one_line_that_names_the_key(tmp_path: Path, said: str, words: str):
    path = tmp_path / "clocks.yaml"
    path.write_text(said)
    with pytest.raises(SlaSettingsError) as refused:
        load_sla(ZONE, path=path)
    line = str(refused.value)
    assert line.startswith(f"{path}: ") and words in line and "\n" not in line


def test_a_missing_file_and_an_unknown_country_are_one_line(tmp_path: Path):
    for given in ({"path": tmp_path / "none.yaml"}, {"country": "XX"}):
        with pytest.raises(SlaSettingsError) as refused:
            load_sla(ZONE, **given)
        assert "\n" not in str(refused.value)


def test_the_days_of_the_state_council_are_known():
    """国办发明电〔2023〕7号, 〔2024〕12号, 〔2025〕7号."""
    calendar = working_calendar(ZONE)
    worked = ["2024-02-04", "2024-02-18", "2024-04-07", "2024-10-12", "2025-01-26", "2025-02-08", "2025-09-28", "2025-10-11",
              "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]  # fmt: skip
    off = ["2024-02-12", "2024-10-07", "2025-01-28", "2025-02-04", "2025-10-08", "2026-01-02", "2026-02-16", "2026-02-23",
           "2026-05-05", "2026-06-19", "2026-10-07"]  # fmt: skip
    assert [day for day in worked if not calendar.is_workday(date.fromisoformat(day))] == []
    assert [day for day in off if calendar.is_workday(date.fromisoformat(day))] == []
    assert calendar.is_workday(date(2026, 3, 10)) and not calendar.is_workday(date(2026, 3, 14))


def test_without_a_country_there_are_weekends_only():
    calendar = working_calendar(ZONE, country="none")
    assert calendar.is_workday(date(2026, 10, 1)) and not calendar.is_workday(date(2026, 10, 10))


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("['00:00-24:00']", ["00:00-24:00"]), ("[22:00-06:00]", ["22:00-06:00"]), ("22:00-06:00", ["22:00-06:00"]),
        ("['08:00-12:00', '12:00-18:00']", ["08:00-18:00"]), ("['8:30 - 12:00', '14:30–18:00']", ["08:30-12:00", "14:30-18:00"]),
        ("['18:00-24:00', '08:00-12:00']", ["08:00-12:00", "18:00-24:00"]),
    ],
)  # fmt: skip
def test_office_hours_of_every_kind_can_be_written(tmp_path: Path, said: str, written: list[str]):
    path = tmp_path / "clocks.yaml"
    path.write_text(f"calendar: {{office: {said}}}\n", "utf-8")
    assert list(load_sla(ZONE, path=path).calendar.office_hours) == written
