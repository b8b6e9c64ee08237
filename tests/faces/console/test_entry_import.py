"""Files of a register: template, check, columns put right and remembered, bad rows back, import once, export."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plumbline.domain.registers.models import Period
from plumbline.domain.registers.queries import entries
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.gateways.tables.reading import open_table
from plumbline.gateways.tables.workbook import Head, Tab, write_workbook
from plumbline.rulebook import registers as rulebook
from tests.faces.conftest import SignIn, work_off
from tests.faces.console.eleventh import eleventh
from tests.world import CITY, World, uscc

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eleventh")]
__all__ = ["eleventh"]
LIST = "/registers/quality_stations/"
IMPORT = f"{LIST}import/"
FILES = "/lists/entries-quality_stations/"
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


def laid_aside(client: Client, data: bytes, name: str = "in.xlsx") -> str:
    """Bring a file in and return the address that shows how it goes, once it is opened."""
    answer = client.post(IMPORT, {"file": SimpleUploadedFile(name, data), "since": "2026-01-01"})
    work_off()
    return answer["Location"]


def brought(client: Client, data: bytes, name: str = "in.xlsx") -> tuple[str, str]:
    """Bring a file in, take the columns as they are guessed, and return the address and what was found."""
    address = laid_aside(client, data, name)
    return address, explained(client, address)


def explained(client: Client, address: str, **columns: str) -> str:
    """Say which column is which, or leave it as it is guessed; return what was found in the rows."""
    client.post(address, {"take": "columns", **columns})
    work_off()
    return client.get(address).content.decode()


def take(client: Client, address: str, what: str) -> str:
    """Decide what is taken in; return the page that says what happened."""
    client.post(address, {"take": what})
    work_off()
    return client.get(address).content.decode()


def count() -> int:
    with scoped(EVERYTHING):
        return entries.visible_entries("quality_stations", most=1_000)


def saved(client: Client, address: str, folder: Path) -> Path:
    """Download a file and return where it lies."""
    answer = client.get(address)
    assert answer.status_code == 200
    path = folder / "out.xlsx"
    path.write_bytes(b"".join(answer))
    return path


def test_a_workbook_is_checked_then_taken_in_and_a_second_time_changes_nothing(office: Client, tmp_path: Path) -> None:
    data = workbook(tmp_path, GOOD, ("ZD0002", "乙站", CITY, "", ""))
    address, page = brought(office, data)
    assert ("2 行可以导入" in page, count()) == (True, 0)
    assert "已导入 2 行" in take(office, address, "all")
    assert count() == 2
    assert "没有新的" in brought(office, data)[1]


def test_the_first_rows_are_shown_before_anything_is_read(office: Client, tmp_path: Path) -> None:
    page = office.get(laid_aside(office, workbook(tmp_path, GOOD))).content.decode()
    assert [each for each in ("看前几行", "ZD0001", "1,234.5", "2025年5月1日") if each not in page] == []


def test_before_the_worker_has_opened_it_the_page_says_that_it_is_at_it(office: Client, tmp_path: Path) -> None:
    posted = {"file": SimpleUploadedFile("in.xlsx", workbook(tmp_path, GOOD)), "since": "2026-01-01"}
    page = office.get(office.post(IMPORT, posted)["Location"]).content.decode()
    assert ("正在处理文件" in page, 'data-refresh="2"' in page) == (True, True)


def test_typed_values_and_days_come_as_people_write_them(office: Client, tmp_path: Path) -> None:
    address, _page = brought(office, workbook(tmp_path, GOOD))
    take(office, address, "all")
    with scoped(EVERYTHING):
        (held,) = Period.objects.filter(register="quality_stations")
        row = entries.period_facts(held)
    assert (row.values["area"], row.valid_from.isoformat(), row.act) == ("1234.5", "2025-05-01", "import")


def test_a_text_file_of_gb18030_is_taken_in(office: Client) -> None:
    assert "1 行可以导入" in brought(office, csv(GOOD, encoding="gb18030"), "in.csv")[1]


def test_bad_rows_come_back_with_the_reason_beside_each_cell(office: Client, tmp_path: Path) -> None:
    bad = ("ZD2", "", "999999", "一千", "2025-02-30")
    address, page = brought(office, workbook(tmp_path, GOOD, bad, ("ZD0003", "丙站", "210100", "", "")))
    assert "2 行要改，1 行可以导入" in page
    stream = open_table(saved(office, f"{address}bad-rows.xlsx", tmp_path))
    rows = [row.cells for row in stream.rows]
    assert stream.columns[:2] == ("站点编号", "站点编号：怎么了")
    assert rows[0][0] == "ZD2"
    assert "ZD0001 这样" in rows[0][1]
    assert any("不在您管的范围" in cell for cell in rows[1])
    assert len(rows) == 2


def test_the_report_holds_every_finding_as_a_file(office: Client, tmp_path: Path) -> None:
    address, _page = brought(office, workbook(tmp_path, GOOD, ("ZD2", "乙站", CITY, "", "")))
    text = b"".join(office.get(f"{address}report.csv")).decode("utf-8-sig")
    assert text.splitlines()[0] == "行,列,内容,级别,说明,办法"
    assert "3,站点编号,ZD2,错误" in text


def test_good_rows_are_taken_in_only_when_asked(office: Client, tmp_path: Path) -> None:
    address, _page = brought(office, workbook(tmp_path, GOOD, ("ZD2", "乙站", CITY, "", "")))
    assert "没有写入" in take(office, address, "all")
    assert count() == 0
    assert "已导入 1 行" in take(office, address, "good")
    assert count() == 1


def test_what_is_held_is_never_changed_by_a_file(office: Client, tmp_path: Path) -> None:
    address, _page = brought(office, workbook(tmp_path, GOOD))
    take(office, address, "all")
    _address, page = brought(office, workbook(tmp_path, ("ZD0001", "改名站", CITY, "1,234.5", "2025-05-01")))
    assert "已登记，但这些列不同：name" in page


def test_which_column_is_which_is_asked_once_and_remembered(office: Client, tmp_path: Path) -> None:
    data = workbook(tmp_path, GOOD, heads=("编码", "叫什么", "region_code", "面积", "起始日期"))
    address = laid_aside(office, data)
    refused = office.post(address, {"take": "columns"})
    assert (refused.status_code, "文件缺少必需的列" in refused.content.decode()) == (422, True)
    assert "1 行可以导入" in explained(office, address, **{"column-code": "编码", "column-name": "叫什么"})
    assert "1 行可以导入" in brought(office, data)[1]


def test_a_column_that_is_not_chosen_is_not_read(office: Client, tmp_path: Path) -> None:
    address = laid_aside(office, workbook(tmp_path, ("ZD0001", "甲站", CITY, "一千", "")))
    page = explained(office, address, **{"column-code": "站点编号", "column-name": "station name", "column-area": ""})
    assert "1 行可以导入" in page


def test_one_column_of_the_file_is_not_two_things(office: Client, tmp_path: Path) -> None:
    address = laid_aside(office, workbook(tmp_path, GOOD))
    answer = office.post(address, {"take": "columns", "column-code": "站点编号", "column-name": "站点编号"})
    assert (answer.status_code, "选了两次" in answer.content.decode()) == (422, True)


def test_a_stopped_import_writes_nothing_and_goes_on_when_resumed(office: Client, tmp_path: Path) -> None:
    address = laid_aside(office, workbook(tmp_path, GOOD))
    key = address.rstrip("/").rpartition("/")[2]
    office.post("/long-work/", {"stop": key})
    stopped = office.get(address).content.decode()
    office.post("/long-work/", {"resume": key})
    work_off()
    assert "已停止" in stopped
    assert "1 行可以导入" in explained(office, address)


def test_long_work_lists_the_import_and_leads_to_it(office: Client, tmp_path: Path) -> None:
    address = laid_aside(office, workbook(tmp_path, GOOD))
    page = office.get("/long-work/").content.decode()
    assert ("导入名册" in page, address in page, "等您答复" in page) == (True, True, True)


def test_the_template_offers_choices_and_explains_its_columns(office: Client, tmp_path: Path) -> None:
    path = saved(office, f"{LIST}template.xlsx", tmp_path)
    with zipfile.ZipFile(path) as archive:
        first = archive.read("xl/worksheets/sheet1.xml").decode()
        names = archive.namelist()
    assert "开放,关闭" in first
    assert any("comments" in name for name in names)
    assert "xl/worksheets/sheet2.xml" in names


def test_an_export_is_what_the_list_shows_and_reads_back_unchanged(office: Client, tmp_path: Path) -> None:
    address, _page = brought(office, workbook(tmp_path, GOOD, ("ZD0002", "=乙站", CITY, "", "")))
    take(office, address, "all")
    every = ",".join(key for key in rulebook.by_id("quality_stations").fields if key != "name")
    data = saved(office, f"{FILES}export.xlsx?cols={every},valid_from,valid_to", tmp_path).read_bytes()
    assert "没有新的" in brought(office, data)[1]
    text = office.get(f"{FILES}export.csv?q=乙站").getvalue().decode("utf-8-sig")
    assert text.count("\r\n") == 2
    assert "'=乙站" in text


def test_a_role_that_may_not_edit_brings_nothing_in(sign_in: SignIn, world: World) -> None:
    assert sign_in("verifier").get(IMPORT).status_code == 403


def test_what_is_no_table_is_refused_with_a_sentence(office: Client) -> None:
    address = laid_aside(office, b"PK\x03\x04 no archive")
    page = office.get(address).content.decode()
    assert ("没有导入，什么也没有写入" in page, "不是完好的 Excel 工作簿" in page) == (True, True)


@pytest.mark.parametrize("name", ["organisations", "instruments", "instruments/calibrations"])
def test_every_kind_of_file_has_its_form_and_its_template(office: Client, tmp_path: Path, name: str) -> None:
    page = office.get(f"/{name}/import/")
    stream = open_table(saved(office, f"/{name}/import/template.xlsx", tmp_path))
    assert (page.status_code, "从文件导入" in page.content.decode(), len(stream.columns) > 5) == (200, True, True)


def test_organisations_are_brought_in_in_the_name_of_an_office(office: Client) -> None:
    data = f"credit code\tname\tregion code\n{uscc(77)}\t新公司\t{CITY}".encode()
    posted = {"file": SimpleUploadedFile("in.csv", data), "region": CITY}
    address = office.post("/organisations/import/", posted)["Location"]
    work_off()
    explained(office, address)
    take(office, address, "all")
    assert office.get(f"/organisations/{uscc(77)}/").status_code == 200
