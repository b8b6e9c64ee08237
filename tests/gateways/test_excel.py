"""Excel workbooks are read as text in bounded memory, and refused with a sentence where they are not what they seem."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from plumbline.errors import InputError
from plumbline.gateways.tables import excel
from plumbline.gateways.tables.reading import open_table
from plumbline.gateways.tables.values import Caps
from plumbline.gateways.tables.workbook import Head, Tab, write_workbook

SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    "{rows}</sheetData></worksheet>"
)


def made(path: Path, rows: Sequence[Sequence[object]], *, merged: str = "", text: object = None) -> Path:
    """Write a workbook as Excel would."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("数据")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell, day)
                else:
                    sheet.write(number, place, cell)
        if merged:
            sheet.merge_range(merged, text)
    return path


def with_sheet(source: Path, rows: str) -> Path:
    """Return a workbook whose sheet says `rows`."""
    target = source.with_name("changed.xlsx")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, SHEET.format(rows=rows) if is_sheet else old.read(name))
    return target


def read(path: Path, caps: Caps | None = None) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]]]:
    stream = open_table(path, caps=caps or Caps())
    return stream.columns, [(row.line, row.cells) for row in stream.rows]


def refused(path: Path, caps: Caps | None = None) -> str:
    with pytest.raises(InputError) as error:
        read(path, caps)
    return str(error.value)


def test_cells_of_every_kind_come_as_a_person_would_type_them(tmp_path: Path) -> None:
    path = made(
        tmp_path / "a.xlsx",
        [["名称", "日期", "数", "是否"], [" 甲 ", date(2024, 5, 1), 1234.5, True]],
    )
    columns, ((line, cells),) = read(path)
    assert columns == ("名称", "日期", "数", "是否")
    assert (line, cells) == (2, ("甲", "2024-05-01", "1234.5", "TRUE"))


def test_whole_numbers_have_no_point_and_long_ones_no_exponent(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", [["a", "b"], [12, 1e15]])
    assert read(path)[1] == [(2, ("12", "1000000000000000"))]


def test_a_formula_gives_the_value_it_was_last_computed_to(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a"])
        sheet.write_formula(1, 0, "=1+1", None, 2)
    assert read(path)[1] == [(2, ("2",))]


def test_blank_rows_and_columns_before_the_table_are_survived(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", [[], [], ["a", "b"], ["1", "2"], [], ["3", "4"]])
    assert read(path) == (("a", "b"), [(4, ("1", "2")), (6, ("3", "4"))])


def test_a_cell_merged_over_rows_stands_in_each_of_them(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", [["县", "名"], ["", "甲"], ["", "乙"], ["", "丙"]], merged="A2:A3", text="鹿城")
    assert [cells for _line, cells in read(path)[1]] == [("鹿城", "甲"), ("鹿城", "乙"), ("", "丙")]


def test_a_file_that_is_no_workbook_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert "压缩文件" in refused(path)


def test_a_damaged_workbook_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", [["a"], ["1"]])
    path.write_bytes(path.read_bytes()[:-200])
    assert "完好" in refused(path)


def test_an_old_workbook_and_one_with_a_password_are_told_apart(tmp_path: Path) -> None:
    old, locked = tmp_path / "a.xls", tmp_path / "b.xlsx"
    old.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    locked.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))
    assert ".xls" in refused(old)
    assert "密码" in refused(locked)


def test_a_bomb_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "UNPACKED_BYTES", 2_000_000)
    path = with_sheet(made(tmp_path / "a.xlsx", [["a"], ["1"]]), " " * 3_000_000)
    assert "展开" in refused(path)


def test_a_cell_far_out_is_refused_before_a_grid_is_made(tmp_path: Path) -> None:
    plain = made(tmp_path / "a.xlsx", [["a"], ["1"]])
    wide = with_sheet(plain, '<row r="1"><c r="A1"><v>1</v></c><c s="0" r="XFD1"><v>1</v></c></row>')
    assert "列的上限" in refused(wide)
    deep = with_sheet(
        plain, '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    )
    assert "行的上限" in refused(deep, Caps(rows=10_000))


def test_a_sheet_that_hides_its_cells_from_the_guard_is_refused(tmp_path: Path) -> None:
    plain = made(tmp_path / "a.xlsx", [["a"], ["1"]])
    assert "Excel 存出来" in refused(with_sheet(plain, '<row r="1"><c r="&#88;FD1"><v>1</v></c></row>'))


def test_a_grid_too_large_for_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "GRID_CELLS", 10)
    assert "格以上" in refused(made(tmp_path / "a.xlsx", [["a", "b"], *[["1", "2"]] * 6]))


def test_caps_of_rows_and_cells_hold_for_workbooks(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", [["a"], ["1"], ["x" * 50]])
    assert "行的上限" in refused(path, Caps(rows=1))
    assert "字符" in refused(path, Caps(cell_characters=10))


def test_what_is_written_is_read_back_and_never_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    heads = [Head("名称", "说明", is_required=True), Head("级别", choices=("甲", "乙"))]
    write_workbook(path, [Tab("数据", heads, [("=1+1", "甲"), ("@x", None)], marks={(0, 1): "x"})])
    assert read(path) == (("名称", "级别"), [(2, ("=1+1", "甲")), (3, ("@x", ""))])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "dataValidation" in sheet
