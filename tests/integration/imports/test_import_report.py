"""What an import says it did: every fault grouped, the bad rows to be mended, nothing half written."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from cli.imports import app
from data.database import SYSTEM
from imports import import_areas, import_organisations
from imports.report import BadRow, ImportReport, RowError, RowErrors, ranges
from imports.row_faults import RowFaults

SAMPLES = Path(__file__).parents[2] / "data/import_faults"
RUNNER = CliRunner()


@pytest.fixture
def town(settings, database, monkeypatch):
    monkeypatch.setenv("GRIDBOARD_DATABASE_URL", settings.database.url)
    monkeypatch.setenv("GRIDBOARD_NOW", "2026-06-01T00:00:00+08:00")
    monkeypatch.setenv("GRIDBOARD_TIMEZONE", "Asia/Shanghai")
    import_areas(database, [SAMPLES / "base.geojson"], timezone="Asia/Shanghai")
    run("organisations", SAMPLES / "orgs.csv")
    return database


def run(what, *arguments):
    mapping = [] if "--mapping" in arguments else ["--mapping", str(SAMPLES / "map.yaml")]
    return RUNNER.invoke(app, [what, *map(str, arguments), *mapping])


def count(database, table="cases"):
    with database.reading(SYSTEM) as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()


def written(path, *rows):
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_rows_are_told_in_ranges():
    assert ranges([3]) == "3"
    assert ranges([18, 12, 13, 14, 3, 7, 7]) == "3, 7, 12-14, 18"
    assert ranges(range(1, 100, 2), shown=2) == "1, 3, ..."


def test_the_same_fault_of_many_rows_is_one_line_with_its_values():
    report = ImportReport("cases", read=9)
    for row, word in ((3, "gestern"), (7, "morgen"), (8, "gestern"), (9, "bald"), (10, "nie")):
        report.refuse_row("a.csv", row, RowError("reported_at", f"'{word}' is no time; did you mean 'x{row}'?"))
    report.refuse_row("a.csv", 3, RowErrors([RowError("lon", "is empty"), RowError("kind", "'quarrel' is unknown")]))
    report.refuse_row("b.csv", 3, RowError("reported_at", "'gestern' is no time"))
    report.refuse_row("a.csv", 4, RowError("lat", "93.2 is no latitude"))
    report.refuse_row("a.csv", 5, RowError("lat", "95 is no latitude"))
    assert [str(group) for group in report.groups()] == [
        "a.csv, reported_at: is no time (e.g. 'gestern', 'morgen', 'bald'): rows 3, 7-10 (5 rows)",
        "a.csv, lat: … is no latitude (e.g. 93.2, 95): rows 4-5 (2 rows)",
        "a.csv row 3, lon: is empty",
        "a.csv row 3, kind: 'quarrel' is unknown",
        "b.csv row 3, reported_at: 'gestern' is no time",
    ]
    assert report.bad_n == 8, "a row with three faults is one bad row"
    assert report.bad[0] == BadRow("a.csv", 3, "reported_at", "'gestern' is no time; did you mean 'x3'?")


def test_faults_are_collected_field_by_field():
    def fail(field):
        raise RowError(field, "is wrong")

    faults = RowFaults()
    assert faults.read(int, "7") == 7
    assert faults.read(fail, "a") is faults.read(fail, "b") is None
    with pytest.raises(RowErrors) as caught:
        faults.require_none()
    assert [one.field for one in caught.value.errors] == ["a", "b"]


def test_every_fault_of_every_row_is_told_at_once(town, tmp_path):
    file = written(
        tmp_path / "cases.csv",
        "case_no,kind,category,severity,source,reported_at,closed_at,due_at,lon,lat,area,organisation",
        "a/1,quarrel,,huge,rumour,soon,never,maybe,east,22.1,A1,D9",
        "ok,,noise,,,2026-05-01,,,100.1,22.1,,D1",
        *(f"n{n},,noise,,,day {n},,,,,Alfa one,D1" for n in range(30)),
    )
    facts = tmp_path / "report.json"
    result = run("cases", file, "--report", facts)
    assert result.exit_code == 2
    assert count(town) == 0
    told = json.loads(facts.read_text("utf-8"))
    assert {group["field"] for group in told["refused"] if 2 in group["rows"]} == {
        "case_no", "kind", "severity", "source", "reported_at", "closed_at", "due_at", "lon", "organisation",
    }  # fmt: skip
    times = next(group for group in told["refused"] if group["field"] == "reported_at" and group["n"] > 1)
    assert (times["rows"], times["n"]) == ([2, *range(4, 34)], 31)
    assert (told["done"], told["read"], told["bad_rows"], told["imported"]) == (False, 32, 31, 0)
    assert "cases.csv, area: 'Alfa one' is no area; did you mean 'Alpha one'?: rows 4-33 (30 rows)" in result.stderr
    assert len(result.stderr.splitlines()) < 15


def test_bad_rows_can_be_mended_and_sent_again(town, tmp_path):
    """With another layout, another name and formulas, through the mapping of the file that they are from."""
    file = tmp_path / "night 1.csv"
    rows = [
        "exported 2026-06-01;;;;;",
        "Nr;Art;Titel;Gemeldet;L;B;reason",
        "1;noise;=1+1;2026-05-01 08:00;100.1;22.1;r1",
        "2;noise;'=quoted;gestern;100.2;22.1;r2",
        "3;trash;@sum;morgen;-100.5;22.1;-",
        "4;trash;Müll „groß“;2026-05-01 08:00;100.6;22.6;r4",
        "5;trash;a;soon;100.6;22.6",
    ]
    file.write_bytes("\r\n".join(rows).encode("cp1252"))
    mapping = written(
        tmp_path / "map.yaml",
        "categories: {auto: true, kind: request}",
        "cases:",
        "  - {file: 'other*', fields: {category: {value: other}, reported_at: x}}",
        "  - file: 'night*.csv'",
        "    encoding: cp1252",
        "    header_row: 2",
        "    delimiter: ';'",
        "    fields: {case_no: {column: Nr, prefix: Q-}, category: Art, title: Titel, reported_at: Gemeldet, lon: L, lat: B}",
    )
    mended = tmp_path / "mend me.csv"
    result = run("cases", file, "--mapping", mapping, "--skip-bad", "--bad-rows", mended)
    assert result.exit_code == 0, result.output
    assert count(town) == 2
    assert mended.read_bytes().startswith(b"\xef\xbb\xbf")
    lines = table(mended)
    assert list(lines[0]) == [*rows[1].split(";"), "bad_file", "bad_row", "bad_reason"]
    assert [(line["Nr"], line["bad_row"], line["L"], line["reason"]) for line in lines] == [
        ("2", "4", "100.2", "r2"),
        ("3", "5", "-100.5", "'-"),
        ("5", "7", "100.6", ""),
    ]
    assert (lines[0]["Titel"], lines[1]["Titel"]) == ("''=quoted", "'@sum"), "no formula"
    assert lines[0]["bad_reason"].startswith("reported_at: 'gestern' is no time")
    again = run("cases", mended, "--mapping", mapping, "--bad-rows", tmp_path / "still.csv")
    assert again.exit_code == 2
    assert [line["bad_row"] for line in table(tmp_path / "still.csv")] == ["2", "3", "4"]
    text_ = (tmp_path / "still.csv").read_text("utf-8-sig")
    for word in ("gestern", "morgen", "soon"):
        text_ = text_.replace(f"{word},", "2026-05-02 08:00,")
    (tmp_path / "still.csv").write_text(text_, "utf-8-sig")
    result = run("cases", tmp_path / "still.csv", "--mapping", mapping)
    assert result.exit_code == 0, result.output
    with town.reading(SYSTEM) as connection:
        found = dict(connection.execute(text("SELECT case_no, title FROM cases")).all())
    assert found == {"Q-1": "=1+1", "Q-2": "'=quoted", "Q-3": "@sum", "Q-4": "Müll „groß“", "Q-5": "a"}


def test_a_workbooks_bad_rows_come_back_through_csv(town, tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    for row in (
        ["case_no", "category", "reported_at", "lon", "lat"],
        [1, "noise", datetime(2026, 5, 1, 8), 100.1, 22.1],
        [2, "noise", "??", 100.1, 22.1],
    ):
        book.active.append(row)
    book.save(tmp_path / "cases.xlsx")
    mended = tmp_path / "mended.csv"
    assert run("cases", tmp_path / "cases.xlsx", "--bad-rows", mended).exit_code == 2
    assert [line["case_no"] for line in table(mended)] == ["2"]
    mended.write_text(mended.read_text("utf-8").replace("??,", "2026-05-02,"), "utf-8")
    assert run("cases", mended).exit_code == 0
    assert count(town) == 1


@pytest.mark.parametrize("option", ["--bad-rows", "--report"])
@pytest.mark.parametrize("what", ["areas", "organisations", "places", "cases"])
def test_a_place_that_cannot_be_written_is_refused_before_anything_starts(town, tmp_path, option, what):
    file = {"areas": SAMPLES / "base.geojson", "organisations": SAMPLES / "orgs.csv"}.get(what, SAMPLES / "25_nono.csv")
    before = count(town), count(town, "organisation")
    (tmp_path / "a file").write_text("x")
    for place in (tmp_path / "no" / "out", tmp_path, tmp_path / "a file" / "out", tmp_path / ("x" * 300)):
        result = run(what, file, option, place)
        assert result.exit_code == 2, result.output
        assert len(result.stderr.strip().splitlines()) == 1
        assert result.stderr.startswith(f"{option} {place}: cannot be written")
    assert (count(town), count(town, "organisation")) == before
    assert [path.name for path in tmp_path.iterdir()] == ["a file"]


def test_a_file_that_is_read_is_not_written_over(town, tmp_path):
    file = tmp_path / "cases.csv"
    file.write_bytes((SAMPLES / "25_nono.csv").read_bytes())
    out = tmp_path / "out"
    for options in (["--bad-rows", file], ["--report", file], ["--bad-rows", out, "--report", out]):
        result = run("cases", file, *options)
        assert (result.exit_code, len(result.stderr.strip().splitlines())) == (2, 1)
    assert file.read_bytes() == (SAMPLES / "25_nono.csv").read_bytes()
    assert count(town) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("option", ["--bad-rows", "--report"])
@pytest.mark.parametrize("what", ["areas", "organisations", "cases"])
def test_a_full_disk_undoes_the_import_and_the_report_is_on_the_screen(town, option, what):
    file = {"areas": SAMPLES / "base.geojson", "organisations": SAMPLES / "orgs.csv"}.get(what, SAMPLES / "25_nono.csv")
    with town.reading(SYSTEM) as connection:
        version = connection.execute(text("SELECT max(boundary_version) FROM area_level")).scalar()
    result = run(what, file, option, "/dev/full")
    assert result.exit_code == 2
    assert result.stderr.strip().splitlines()[-1] == (
        f"Nothing was imported: {option} /dev/full: cannot be written: No space left on device."
    )
    assert f"{what}: " in result.stderr
    assert count(town) == 0
    with town.reading(SYSTEM) as connection:
        assert connection.execute(text("SELECT max(boundary_version) FROM area_level")).scalar() == version


def test_a_refused_import_with_a_full_disk_still_tells_its_faults(town, tmp_path):
    file = written(tmp_path / "cases.csv", "case_no,category,reported_at", "1,noise,soon")
    result = run("cases", file, "--bad-rows", "/dev/full")
    assert result.exit_code == 2
    lines = result.stderr.strip().splitlines()
    assert lines[0].startswith("cases.csv row 2, reported_at: 'soon'")
    assert "No space left" in lines[1]
    assert lines[-1].startswith("Nothing was imported: 1 of 1 rows")


def test_a_file_without_rows_is_refused(town, tmp_path):
    for lines in (["case_no,category,reported_at"], ["case_no,category,reported_at", ",,", ""]):
        result = run("cases", written(tmp_path / "cases.csv", *lines), "--report", tmp_path / "report.json")
        assert result.exit_code == 2
        assert len(result.stderr.strip().splitlines()) == 1
        assert "cases.csv" in result.stderr
    full = tmp_path / "full.csv"
    full.write_bytes((SAMPLES / "25_nono.csv").read_bytes())
    assert run("cases", full, tmp_path / "cases.csv").exit_code == 2, "one empty file of two is as suspicious"
    assert count(town) == 0
    assert not (tmp_path / "report.json").exists()


def test_nothing_is_altered_in_silence(town, tmp_path):
    """`c1.csv`: an organisation that a status has no place for, contradictions, a word that becomes a category."""
    facts, mended = tmp_path / "report.json", tmp_path / "bad.csv"
    result = run("cases", SAMPLES / "c1.csv", "--skip-bad", "--report", facts, "--bad-rows", mended)
    assert result.exit_code == 0, result.output
    told = json.loads(facts.read_text("utf-8"))
    notes = {note["note"]: [row for _, row in note["rows"]] for note in told["notes"]}
    named = {words: rows for words, rows in notes.items() if words.startswith("an organisation is named")}
    assert sorted(row for rows in named.values() for row in rows) == [3, 4, 10, 11]
    assert all("is with its centre" in words for words in named)
    assert notes["no organisation is named for a case that is handling, so its centre has it"] == [5]
    assert notes["said to be open although a closing time is given, so open"] == [3]
    assert notes["closed only after now, so still open"] == [15]
    assert {(group["field"], *group["rows"]) for group in told["refused"]} == {
        ("settled_at", 2),
        ("settled_at", 12),
        ("organisation", 8),
    }
    assert [line["case_no"] for line in table(mended)] == ["s1", "s7", "s11"]
    assert told["findings"]["new_category"] == [
        {"code": "newcat", "name": "newcat!", "of_kind": "request"},
    ]
    assert told["counts"]["requests, which do not count in tiers"] == told["imported"] == 11
    assert told["left_out"] == {"reported after now": 1}
    assert "(rows 3-4)" in result.output


def test_a_bad_rows_new_word_makes_no_category(town, tmp_path):
    file = written(
        tmp_path / "cases.csv", "case_no,category,reported_at", "1,phantom,soon", "2,real,2026-05-01", "3,ghost,2027-01-01"
    )
    assert run("cases", file, "--skip-bad").exit_code == 0
    with town.reading(SYSTEM) as connection:
        assert connection.execute(text("SELECT code FROM category ORDER BY 1")).scalars().all() == ["noise", "real", "trash"]


@pytest.mark.parametrize(
    ("area", "point", "place"),
    [
        ("Alpha one", "", "A1"),
        ("alpha ONE", "", "A1"),
        ("a1", "", "A1"),
        ("nowhere", "100.1,22.1", "A1"),
        ("A", "100.1,22.1", "A1"),
        ("B1", "100.1,22.1", "A1"),
        ("nowhere", "", None),
        ("nowhere", "50,50", None),
        ("", "", "R"),
    ],
)
def test_where_a_case_lies_as_the_document_says(town, tmp_path, area, point, place):
    file = written(tmp_path / "c.csv", "case_no,category,reported_at,area,lon,lat", f"1,noise,2026-05-01,{area},{point or ','}")
    result = run("cases", file)
    assert result.exit_code == (0 if place else 2), result.output
    with town.reading(SYSTEM) as connection:
        found = connection.execute(text("SELECT a.code FROM cases c JOIN area a ON a.id = c.area_id")).scalar()
    assert found == place
    if place and area == "nowhere":
        assert "1 x an unknown area is stated; the point decides (row 2)" in result.output
    if not place:
        assert "'nowhere' is no area" in result.output


def test_two_areas_of_one_name_need_the_code(town, tmp_path):
    with town.owning() as connection:
        connection.execute(text("UPDATE area SET name = 'Same', names = '{}' WHERE code IN ('A1', 'B1')"))
    file = written(tmp_path / "c.csv", "case_no,category,reported_at,area", "1,noise,2026-05-01,same")
    result = run("cases", file)
    assert "'same' is the name of several areas: give a code (A1, B1)" in result.output


def test_the_report_of_areas_and_organisations_is_written_too(town, tmp_path):
    facts = tmp_path / "report.json"
    bad = written(tmp_path / "more.csv", "code,name,kind", "X,x,circus", "Y,y,")
    assert run("organisations", bad, "--skip-bad", "--report", facts, "--bad-rows", tmp_path / "bad.csv").exit_code == 0
    told = json.loads(facts.read_text("utf-8"))
    assert (told["what"], told["files"], told["imported"], told["bad_rows"]) == ("organisations", ["more.csv"], 1, 1)
    assert [line["kind"] for line in table(tmp_path / "bad.csv")] == ["circus"]
    assert (facts.stat().st_mode & 0o077, (tmp_path / "bad.csv").stat().st_mode & 0o077) == (0, 0)


def test_moments_in_the_report_are_readable():
    report = ImportReport("cases")
    report.find("late", case_no="1", at=datetime(2026, 5, 1, tzinfo=UTC), by=timedelta(hours=1))
    assert "late: 1 (1 2026-05-01 00:00:00+00:00 1:00:00)" in report.lines()[-1]


def test_organisations_may_come_again(town):
    import_organisations(town, [SAMPLES / "orgs.csv"])
    again = import_organisations(town, [SAMPLES / "orgs.csv"])
    assert (again.imported, again.updated, again.unchanged) == (0, 0, 2)
