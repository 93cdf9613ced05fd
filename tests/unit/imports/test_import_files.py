"""Files as they come: encodings, delimiters, workbooks that are bombs, polygons that cross themselves."""

from __future__ import annotations

import gzip
import zipfile

import pytest
import shapely
from openpyxl import Workbook

from imports.mapping import CaseSection
from imports.outlines import outline_of
from imports.report import InputError, RowError
from imports.tables import read_table

ROWS = "编号,名称\n1,青山\n\n2,绿水\n"
CASES = CaseSection()


def values(table):
    return [(row, list(cells.values())) for row, cells in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_are_found_out(tmp_path, encoding):
    file = tmp_path / "a.csv"
    file.write_bytes(ROWS.encode(encoding))
    table = read_table(file, CASES)
    assert table.columns == ("编号", "名称")
    assert values(table) == [(2, ["1", "青山"]), (4, ["2", "绿水"])]
    assert table.empty_n == 1


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_are_found_out_and_gzip_is_unpacked(tmp_path, mark):
    file = tmp_path / "a.csv.gz"
    file.write_bytes(gzip.compress(f'a{mark}"b,;|"\n1{mark}"x\ny"\n'.encode()))
    assert values(read_table(file, CASES)) == [(2, ["1", "x\ny"])]


def test_an_encoding_that_is_neither_names_the_row(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(b"a,b\n1,ok\n2,caf\xe9\n")
    with pytest.raises(InputError, match=r"a\.csv row 3.*--encoding"):
        read_table(file, CASES)
    assert values(read_table(file, CaseSection(encoding="latin-1")))[1] == (3, ["2", "café"])


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "no headings"), (b"a,a\n1,2\n", "twice"), (b"\x00\x01\x02", "NUL")]
)
def test_files_that_are_no_tables(tmp_path, content, reason):
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    with pytest.raises(InputError, match=reason):
        read_table(file, CASES)


def test_half_a_gzip_file(tmp_path):
    file = tmp_path / "a.csv.gz"
    file.write_bytes(gzip.compress(ROWS.encode() * 100)[:40])
    with pytest.raises(InputError, match="gzip"):
        read_table(file, CASES)


def workbook(path, rows, title="Sheet"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_workbook_keeps_its_row_numbers_and_its_sheets(tmp_path):
    file = workbook(tmp_path / "a.xlsx", [[], ["code", "name"], [], [7, "seven"]], "数据")
    table = read_table(file, CASES)
    assert values(table) == [(4, [7.0, "seven"])]
    with pytest.raises(InputError, match=r"no sheet 'x'.*数据"):
        read_table(file, CaseSection(sheet="x"))


def test_a_workbook_with_a_cell_far_out_is_not_read(tmp_path):
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "code", "far"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match="1048576 rows x 16384 columns"):
        read_table(tmp_path / "a.xlsx", CASES)


def test_a_workbook_that_unpacks_to_much_is_not_read(tmp_path):
    file = workbook(tmp_path / "a.xlsx", [["code"]])
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(60_000_000))
    with pytest.raises(InputError, match="times its size"):
        read_table(file, CASES)


def test_what_is_no_workbook(tmp_path):
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"code,name\n1,a\n")
    with pytest.raises(InputError, match="not a whole zip"):
        read_table(file, CASES)


def test_a_small_crossing_is_mended_and_a_bow_tie_is_not():
    square = [(0, 0), (10, 0), (10, 10), (5, 10), (5.1, 10.2), (4.9, 10.2), (5, 10), (5.1, 9.99), (0, 10)]
    mended, changed = outline_of(shapely.Polygon([*square, (0, 0)]))
    assert mended.is_valid
    assert mended.area == pytest.approx(100, rel=0.02)
    assert changed
    with pytest.raises(RowError, match=r"crosses itself at 5.0"):
        outline_of(shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]))


def test_outlines_are_polygons_only():
    whole = shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.Point(3, 3)])
    assert outline_of(whole)[0].area == 1
    for nothing in (None, shapely.Polygon(), shapely.Point(1, 1), shapely.LineString([(0, 0), (1, 1)])):
        with pytest.raises(RowError, match="geometry"):
            outline_of(nothing)
