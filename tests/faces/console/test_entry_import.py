"""Files of a register: template, check, columns put right and remembered, bad rows back, import once, export."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plumbline.domain.registers.queries import entries
from plumbline.domain.registers.types import EntryFilter
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.gateways.tables.reading import open_table
from plumbline.gateways.tables.workbook import Head, Tab, write_workbook
from tests.faces.conftest import SignIn
from tests.faces.console.eleventh import eleventh
from tests.world import CITY, TODAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eleventh")]
__all__ = ["eleventh"]
LIST = "/registers/quality_stations/"
IMPORT, CHECK = f"{LIST}import/", f"{LIST}import/check/"
HEADS = ("站点编号", "station name", "region_code", "面积", "起始日期")
GOOD = ("ZD0001", "甲站", CITY, "1,234.5", "2025年5月1日")


@pytest.fixture
def office(world: World, sign_in: SignIn) -> Client:
    return sign_in("bureau")


def workbook(folder: Path, *rows: tuple[str, ...], heads: tuple[str, ...] = HEADS) -> bytes:
    path = folder / "in.xlsx"
    write_workbook(path, [Tab("数据", [Head(name) for name in heads], rows)])
    return path.read_bytes()


def csv(*rows: tuple[str, ...], heads: tuple[str, ...] = HEADS, encoding: str = "utf-8") -> bytes:
    return "\r\n".join("\t".join(row) for row in (heads, *rows)).encode(encoding)


def brought(client: Client, data: bytes, name: str = "in.xlsx") -> str:
    """Bring a file in and return the page that says what was found."""
    client.post(IMPORT, {"file": SimpleUploadedFile(name, data), "since": "2026-01-01"})
    return client.get(CHECK).content.decode()


def count() -> int:
    with scoped(EVERYTHING):
        return entries.entry_count("quality_stations", region_codes=[CITY], on=TODAY)


def saved(client: Client, address: str, folder: Path) -> Path:
    """Download a file and return where it lies."""
    answer = client.get(address)
    assert answer.status_code == 200
    path = folder / "out.xlsx"
    path.write_bytes(b"".join(answer))
    return path


def test_a_workbook_is_checked_then_taken_in_and_a_second_time_changes_nothing(office: Client, tmp_path: Path) -> None:
    data = workbook(tmp_path, GOOD, ("ZD0002", "乙站", CITY, "", ""))
    assert "2 条可以导入" in brought(office, data)
    assert count() == 0
    office.post(CHECK, {"take": "all"})
    assert count() == 2
    assert "没有新的" in brought(office, data)


def test_typed_values_and_days_come_as_people_write_them(office: Client, tmp_path: Path) -> None:
    brought(office, workbook(tmp_path, GOOD))
    office.post(CHECK, {"take": "all"})
    with scoped(EVERYTHING):
        (row,) = entries.every_entry(EntryFilter("quality_stations"))
    assert (row.values["area"], row.valid_from.isoformat(), row.act) == ("1234.5", "2025-05-01", "import")


def test_a_text_file_of_gb18030_is_taken_in(office: Client) -> None:
    assert "1 条可以导入" in brought(office, csv(GOOD, encoding="gb18030"), "in.csv")


def test_bad_rows_come_back_with_the_reason_beside_each_cell(office: Client, tmp_path: Path) -> None:
    bad = ("ZD2", "", "999999", "一千", "2025-02-30")
    page = brought(office, workbook(tmp_path, GOOD, bad, ("ZD0003", "丙站", "210100", "", "")))
    assert "2 行要改，1 条可以导入" in page
    stream = open_table(saved(office, f"{IMPORT}bad-rows.xlsx", tmp_path))
    rows = [row.cells for row in stream.rows]
    assert stream.columns[:2] == ("站点编号", "站点编号：怎么了")
    assert rows[0][0] == "ZD2"
    assert "ZD0001 这样" in rows[0][1]
    assert any("不在您管的范围" in cell for cell in rows[1])
    assert len(rows) == 2


def test_good_rows_are_taken_in_only_when_asked(office: Client, tmp_path: Path) -> None:
    brought(office, workbook(tmp_path, GOOD, ("ZD2", "乙站", CITY, "", "")))
    office.post(CHECK, {"take": "all"})
    assert count() == 0
    office.post(CHECK, {"take": "good"})
    assert count() == 1


def test_what_is_held_is_never_changed_by_a_file(office: Client, tmp_path: Path) -> None:
    brought(office, workbook(tmp_path, GOOD))
    office.post(CHECK, {"take": "all"})
    page = brought(office, workbook(tmp_path, ("ZD0001", "改名站", CITY, "1,234.5", "2025-05-01")))
    assert "已登记，但这些列不同：name" in page


def test_which_column_is_which_is_asked_once_and_remembered(office: Client, tmp_path: Path) -> None:
    data = workbook(tmp_path, GOOD, heads=("编码", "叫什么", "region_code", "面积", "起始日期"))
    assert "先说明文件里的哪一列是什么" in brought(office, data)
    office.post(CHECK, {"take": "columns", "column-code": "编码", "column-name": "叫什么"})
    assert "1 条可以导入" in office.get(CHECK).content.decode()
    assert "1 条可以导入" in brought(office, data)


def test_the_template_offers_choices_and_explains_its_columns(office: Client, tmp_path: Path) -> None:
    path = saved(office, f"{LIST}template.xlsx", tmp_path)
    with zipfile.ZipFile(path) as archive:
        first = archive.read("xl/worksheets/sheet1.xml").decode()
        names = archive.namelist()
    assert "开放,关闭" in first
    assert any("comments" in name for name in names)
    assert "xl/worksheets/sheet2.xml" in names


def test_an_export_is_what_the_list_shows_and_reads_back_unchanged(office: Client, tmp_path: Path) -> None:
    brought(office, workbook(tmp_path, GOOD, ("ZD0002", "=乙站", CITY, "", "")))
    office.post(CHECK, {"take": "all"})
    data = saved(office, f"{LIST}export.xlsx", tmp_path).read_bytes()
    assert "没有新的" in brought(office, data)
    text = b"".join(office.get(f"{LIST}export.csv?q=乙")).decode("utf-8-sig")
    assert text.count("\r\n") == 2
    assert "'=乙站" in text


def test_a_role_that_may_not_edit_brings_nothing_in(sign_in: SignIn, world: World) -> None:
    assert sign_in("verifier").get(IMPORT).status_code == 403


def test_what_is_no_table_is_refused_with_a_sentence(office: Client) -> None:
    answer = office.post(IMPORT, {"file": io.BytesIO(b"PK\x03\x04 no archive"), "since": "2026-01-01"})
    assert answer.status_code == 422
    assert "不是完好的 Excel 工作簿" in answer.content.decode()
