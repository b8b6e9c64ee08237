"""Tables as people bring them: encodings, caps, damage; and CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.errors import InputError
from plumbline.gateways.tables.days import DayRead, read_day
from plumbline.gateways.tables.reading import open_table
from plumbline.gateways.tables.template import Column, Template, lay_out
from plumbline.gateways.tables.values import Caps, TableRow, TableStream
from plumbline.gateways.tables.writing import neutral, write_csv

Make = Callable[[bytes], Path]
TEMPLATE = Template("t", (Column("a", "甲", "alpha", "", "", is_required=True), Column("b", "乙", "beta", "", "")))


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def write(content: bytes) -> Path:
        path = tmp_path / "table"
        path.write_bytes(content)
        return path

    return write


def parquet_of(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


def cells(stream: TableStream) -> list[tuple[str, ...]]:
    return [row.cells for row in stream.rows]


@pytest.mark.parametrize(
    ("encoding", "found"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030")]
)
def test_encoding_is_found(make: Make, encoding: str, found: str) -> None:
    stream = open_table(make("名称,编号\n加油枪 ℃,1\n".encode(encoding)))

    assert (stream.encoding, stream.columns) == (found, ("名称", "编号"))
    assert cells(stream) == [("加油枪 ℃", "1")]


def test_encoding_is_found_by_a_character_late_in_the_file(make: Make) -> None:
    content = b"a,b\n" + b"1,2\n" * 400_000 + "3,加油枪\n".encode("gb18030")

    assert open_table(make(content)).encoding == "gb18030"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_found(make: Make, delimiter: str) -> None:
    stream = open_table(make(f"a{delimiter}b\n1{delimiter}2\n".encode()))

    assert cells(stream) == [("1", "2")]


def test_line_numbers_are_those_an_editor_shows(make: Make) -> None:
    stream = open_table(make(b'a,b\n1,"x\ny"\n\n2,z\n'))

    assert [row.line for row in stream.rows] == [2, 5]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"\n\n", "没有表头"),
        (b"a,a\n1,2\n", "重名"),
        ("a,b\n".encode("utf-16"), "UTF-16"),
        (b"a,b\n\xff\xff\xff\xff\n", "GB18030"),
        (b"a,b\n1,\x00\n", "空字符"),
        (b"a,b\n" + b"1," * 600_000 + b"\n", "超过 1048576 个字符"),
        (b"PAR1 not really", "Parquet"),
    ],
)
def test_unreadable_file_is_refused_in_words(make: Make, content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        cells(open_table(make(content)))


def test_missing_file_is_refused_by_name_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_table(tmp_path / "gone.csv")

    assert "gone.csv" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    ("caps", "words"),
    [
        (Caps(file_bytes=10), "字节"),
        (Caps(rows=1), "1 行"),
        (Caps(columns=1), "1 列"),
        (Caps(cell_characters=3), "第 3 行"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_file_beyond_a_cap_is_refused(tmp_path: Path, caps: Caps, words: str, kind: str) -> None:
    path = tmp_path / "table"
    frame = pl.DataFrame({"a": ["1", "long"], "b": ["2", "4"]})
    path.write_bytes(frame.write_csv().encode() if kind == "csv" else parquet_of(frame))

    with pytest.raises(InputError, match=words):
        cells(open_table(path, caps=caps))


def test_quote_that_never_closes_is_refused_and_not_swallowed_whole(make: Make) -> None:
    with pytest.raises(InputError):
        cells(open_table(make(b'a,b\n1,"' + b"x" * 300_000)))


def test_parquet_gives_text_as_csv_does(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    pl.DataFrame({"day": [date(2020, 1, 31), None], "n": [1, None], "text": [" 枪 ", None]}).write_parquet(path)

    stream = open_table(path)

    assert cells(stream) == [("2020-01-31", "1", "枪"), ("", "", "")]


def test_parquet_longer_than_a_slice_is_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    pl.DataFrame({"n": range(12_345)}).write_parquet(path)

    rows = list(open_table(path).rows)

    assert [int(row.cells[0]) for row in rows] == list(range(12_345))
    assert [rows[0].line, rows[-1].line] == [2, 12_346]


def test_nested_column_of_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    pl.DataFrame({"n": [[1, 2]]}).write_parquet(path)

    with pytest.raises(InputError, match="n"):
        open_table(path)


@pytest.mark.parametrize("headers", [("a", "b"), ("甲", "乙"), ("Alpha", "BETA")])
def test_columns_are_found_by_key_and_in_both_languages(headers: tuple[str, str]) -> None:
    layout = lay_out(TEMPLATE, headers, mapping={})

    assert layout.values(TableRow(2, ("1", "2"))) == {"a": "1", "b": "2"}


def test_mapping_comes_before_a_name() -> None:
    layout = lay_out(TEMPLATE, ("a", "other"), mapping={"a": "other"})

    assert layout.values(TableRow(2, ("1", "2"))) == {"a": "2"}
    assert layout.ignored == ("a",)


@pytest.mark.parametrize(
    ("given", "is_right"), [(("1", "2"), True), (("1",), False), (("1", "2", ""), True), (("1", "2", "3"), False)]
)
def test_row_of_another_width_is_noticed(given: tuple[str, ...], *, is_right: bool) -> None:
    layout = lay_out(TEMPLATE, ("a", "b"), mapping={})

    assert layout.has_right_width(TableRow(2, given)) == is_right


@pytest.mark.parametrize(
    "text",
    ["2015-05-04", "20150504", "2015/5/4", "2015.5.4", "2015年5月4日", "2015-05-04T00:00:00", "2015-05-04 00:00:00"],
)
def test_day_is_read_as_people_write_it(text: str) -> None:
    assert read_day(text) == DayRead(date(2015, 5, 4))


@pytest.mark.parametrize("text", ["2015", "2015-05", "201505", "2015年5月", "2015年"])
def test_part_of_a_day_is_a_part(text: str) -> None:
    assert read_day(text) == DayRead(None, is_part=True)


@pytest.mark.parametrize("text", ["20150230", "2015-13-01", "yesterday", "05/04/2015", "201513", "2015-05-04x"])
def test_text_that_is_no_day_is_wrong(text: str) -> None:
    assert read_day(text) == DayRead(None, is_wrong=True)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_back(day: date) -> None:
    assert read_day(day.isoformat()).day == read_day(day.strftime("%Y%m%d")).day == day


@given(st.text(max_size=30))
def test_any_text_is_read_as_something(text: str) -> None:
    found = read_day(text)

    assert (found.day is not None) + found.is_part + found.is_wrong + (text == "") == 1


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "  ="])
def test_dangerous_beginning_is_neutralised(beginning: str) -> None:
    assert neutral(f"{beginning}1+1") == f"'{beginning}1+1"


def test_number_stays_a_number() -> None:
    file = io.StringIO(newline="")

    write_csv(file, ["误差"], rows=[[-0.5], ["-0.5"], [None]])

    assert file.getvalue() == '\ufeff误差\r\n-0.5\r\n\'-0.5\r\n""\r\n'


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2, max_size=2)
    )
)
def test_written_cells_are_read_back_by_any_csv_reader(rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    write_csv(file, ["a", "b"], rows=rows)

    back = list(csv.reader(io.StringIO(file.getvalue().removeprefix("\ufeff"), newline="")))

    assert back[1:] == [[neutral(cell) for cell in row] for row in rows]
