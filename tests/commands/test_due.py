"""The due list of the real register equals an independent query over the source files."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from plumbline.errors import AccessError, InputError
from plumbline.faces.commands import due
from tests.commands.test_import import city, importing, real_calibrations, real_register
from tests.domain.registers import city as made
from tests.domain.registers.city import City
from tests.shared_data import shared_path

__all__ = ["city"]
pytestmark = pytest.mark.django_db
INTERVALS = """
status = "assumption"
note_zh = "示例：温盐深类 24 个月，其余 12 个月"
note_en = "Example: CTD classes 24 months, all others 12"
default_months = 12

[months]
CTDMOG = 24
CTDMOH = 24
FLORTD = 24
"""


def independent(at: date) -> list[tuple[str, str, str]]:
    """Return (uid, due day, status) by a query of its own: nothing of the product is used."""
    folder = shared_path("data/instrument_calibrations/instruments.parquet").parent
    months = pl.when(pl.col("instrument_class").is_in(["CTDMOG", "CTDMOH", "FLORTD"])).then(24).otherwise(12)
    latest = (
        pl.read_parquet(folder / "calibrations_2011_2021.parquet")
        .with_columns(day=pl.col("cal_date").str.to_date(), months=months)
        .filter(pl.col("day") <= at)
        .sort("asset_uid", "day", "months", descending=[False, True, False])
        .unique("asset_uid", keep="first", maintain_order=True)
        .with_columns(due=pl.col("day").dt.offset_by(pl.format("{}mo", "months")))
    )
    status = (
        pl.when(pl.col("due").is_null()).then(pl.lit("never"))
        .when(pl.col("due") <= at).then(pl.lit("overdue"))
        .otherwise(pl.lit("in_time"))
    )  # fmt: skip
    joined = pl.read_parquet(folder / "instruments.parquet").join(latest, on="asset_uid", how="left")
    return sorted(joined.select("asset_uid", pl.col("due").cast(pl.String).fill_null(""), status.alias("s")).rows())


@pytest.fixture
def intervals(tmp_path: Path) -> Path:
    path = tmp_path / "intervals.toml"
    path.write_text(INTERVALS, encoding="utf-8")
    return path


@pytest.fixture
def real(city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> City:
    real_register(city, tmp_path / "register.csv")
    real_calibrations(city, tmp_path / "calibrations.csv")
    capsys.readouterr()
    return city


def listed(text: str) -> list[tuple[str, str, str]]:
    codes = {"从未校准": "never", "已超期": "overdue", "未到期": "in_time"}
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return sorted((row["资产编号"], row["到期日"], codes[row["状态"]]) for row in rows)


def due_on(at: date, intervals: Path, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str, str]]:
    due.run(["--as", made.OFFICE, "--at", at.isoformat(), "--intervals", str(intervals)])
    return listed(capsys.readouterr().out)


def test_due_list_equals_an_independent_query(real: City, intervals: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = (date(2022, 1, 1), date(2017, 2, 24), date(2016, 2, 29))

    assert {day: due_on(day, intervals, capsys) for day in days} == {day: independent(day) for day in days}


def test_never_calibrated_are_listed_as_such_and_no_chain_is_claimed(
    real: City, intervals: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    due.run(["--as", made.OFFICE, "--at", "2022-01-01", "--intervals", str(intervals), "--status", "never"])

    told = capsys.readouterr()
    assert len(listed(told.out)) == 1139
    assert "从未校准 1139 台" in told.err
    assert "没有溯源链：校准记录没有写所用的计量标准" in told.err
    assert "间隔是假定的：示例" in told.err
    assert told.out.count("没有溯源链") == 1139


def test_list_holds_what_the_account_sees_and_no_more(city: City, intervals: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "in.csv", tmp_path / "due.csv"
    file.write_text("资产编号,器具名称,器具类别\nA1,压力表,OUTSIDE\n", encoding="utf-8")
    importing("instruments", file, tmp_path / "report.csv", "--owner", city.company.uscc)

    def seen_by(account: str) -> list[tuple[str, str, str]]:
        due.run(["--as", account, "--at", "2022-01-01", "--intervals", str(intervals), "--out", str(out)])
        return listed(out.read_text(encoding="utf-8"))

    assert seen_by(made.OWNER) == [("A1", "", "never")]
    assert seen_by(made.RECEPTION) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (INTERVALS.replace("assumption", "verified"), "status"),
        (INTERVALS.replace("CTDMOG = 24", "CTDMOG = 0"), "months.CTDMOG"),
        (INTERVALS.replace("CTDMOG = 24", 'CTDMOG = "24"'), "months.CTDMOG"),
        (INTERVALS.replace("note_en", "note_fr"), "note_en"),
        (INTERVALS + "extra = 1", "months.extra"),
        ("not toml", "TOML"),
    ],
)
def test_interval_file_that_is_no_assumption_is_refused(city: City, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "intervals.toml"
    path.write_text(text + ("" if "extra" not in text else "00000"), encoding="utf-8")

    with pytest.raises(InputError, match=words):
        due.run(["--as", made.OFFICE, "--at", "2022-01-01", "--intervals", str(path)])


@pytest.mark.parametrize("day", ["2022-13-01", "tomorrow", "2022"])
def test_day_that_is_none_is_refused(city: City, intervals: Path, day: str) -> None:
    with pytest.raises(InputError, match=day):
        due.run(["--as", made.OFFICE, "--at", day, "--intervals", str(intervals)])


def test_unknown_account_is_refused(city: City, intervals: Path) -> None:
    with pytest.raises(AccessError):
        due.run(["--as", "nobody", "--at", "2022-01-01", "--intervals", str(intervals)])
