"""Files that verbs are given: what cannot be written or read is a sentence and exit code 2, with nothing half done."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.domain.registers.models import Instrument
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError
from plumbline.faces.commands import check, due, import_, main
from plumbline.faces.commands.reports import written
from plumbline.faces.commands.terminal import tell_error
from tests.domain.registers import city as made
from tests.domain.registers.city import City

NOWHERE = "/proc/x.csv"
INTERVALS = 'status = "assumption"\nnote_zh = "假定"\nnote_en = "assumed"\ndefault_months = 12\n'


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setenv("PLUMBLINE_LANG", "zh")
    return made.build()


def exit_code(error: InputError) -> int:
    return tell_error(error)


def importing(city: City, file: Path, report: str) -> list[str]:
    owner = ["--owner", city.company.uscc, "--category", "OUTSIDE"]
    return ["instruments", str(file), "--as", made.OFFICE, "--report", report, *owner]


@pytest.mark.parametrize("place", [NOWHERE, "folder", "missing/report.csv"])
def test_a_report_that_cannot_be_written_keeps_everything_out(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    file = tmp_path / "in.csv"
    file.write_text("external_id,name_zh\nA1,温度计\n")
    with scoped(EVERYTHING):
        before = Instrument.objects.count()
    with pytest.raises(InputError, match="不能写到") as refused:
        import_.run(importing(city, file, place))
    with scoped(EVERYTHING):
        assert Instrument.objects.count() == before
    assert exit_code(refused.value) == 2


def test_a_list_of_what_is_due_to_nowhere_is_refused(city: City, tmp_path: Path) -> None:
    intervals = tmp_path / "intervals.toml"
    intervals.write_text(INTERVALS)
    arguments = ["--as", made.OFFICE, "--at", "2022-01-01", "--intervals", str(intervals), "--out", NOWHERE]
    with pytest.raises(InputError, match="不能写到"):
        due.run(arguments)


def test_what_fails_on_the_way_leaves_no_file_and_the_old_one_whole(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")
    with pytest.raises(ZeroDivisionError), written(str(target), field="out") as file:
        file.write(f"half{1 // 0}")
    assert (target.read_text(), [each.name for each in tmp_path.iterdir()]) == ("old", ["out.csv"])


def test_a_place_that_is_no_plain_file_is_written_to_not_replaced(tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "real.csv")
    with written(str(link), field="out") as file:
        file.write("x")
    assert (link.is_symlink(), (tmp_path / "real.csv").read_text()) == (True, "x")


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_a_workbook_is_told_to_be_one(city: City, tmp_path: Path, start: bytes) -> None:
    file = tmp_path / "book.xlsx"
    file.write_bytes(start + b"\0" * 60)
    with pytest.raises(InputError, match="工作簿"):
        import_.run(importing(city, file, str(tmp_path / "report.csv")))


@pytest.mark.parametrize("arguments", [[], ["--json"], ["a.json", "b.json"], ["missing.json"], ["."], ["--trust", "t"]])
def test_a_check_without_a_readable_file_says_how_it_is_used(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUMBLINE_LANG", "zh")
    assert main.main(["check", *arguments]) == 2
    said = capsys.readouterr().err
    assert ("launch.py" in said, "文件" in said) == (False, True)


def test_the_usage_of_the_check_names_the_command_people_type(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        check.run(["--help"])
    assert "usage: plumbline check" in capsys.readouterr().out
