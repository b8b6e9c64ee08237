"""The real register and its calibrations, taken in by the commands: every oddity found and counted, nothing doubled."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from plumbline.domain.certificates.models import OutsideCalibration
from plumbline.domain.registers.models import Instrument
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, InputError
from plumbline.faces.commands import import_
from tests.domain.registers import city as made
from tests.domain.registers.city import City
from tests.shared_data import shared_path

pytestmark = pytest.mark.django_db
REGISTER_COLUMNS = (
    "external_id=asset_uid", "name_zh=description", "maker=manufacturer", "model=model", "serial=serial_no",
    "acquired_on=acquired",
)  # fmt: skip
CALIBRATION_COLUMNS = (
    "external_id=asset_uid", "performed_on=cal_date", "serial=serial_in_file", "document=source_file",
    "document_sha256=sha256", "values_count=n_coefficients", "instrument_class=instrument_class",
)  # fmt: skip


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setenv("PLUMBLINE_LANG", "zh")
    return made.build()


def importing(kind: str, file: Path, report: Path, *more: str) -> int:
    return import_.run([kind, str(file), "--as", made.OFFICE, "--report", str(report), *more])


def mapped(columns: tuple[str, ...]) -> list[str]:
    return [part for column in columns for part in ("--map", column)]


def real_register(city: City, report: Path, *more: str) -> int:
    file = shared_path("data/instrument_calibrations/instruments.parquet")
    owner = ("--owner", city.company.uscc, "--category", "OUTSIDE")
    return importing("instruments", file, report, *owner, *mapped(REGISTER_COLUMNS), *more)


def real_calibrations(city: City, report: Path, *more: str) -> int:
    file = shared_path("data/instrument_calibrations/calibrations_2011_2021.parquet")
    return importing("calibrations", file, report, "--owner", city.company.uscc, *mapped(CALIBRATION_COLUMNS), *more)


def reported(report: Path) -> list[dict[str, str]]:
    with report.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def by_sentence(report: Path) -> Counter[str]:
    """Count the rows of a report by what follows the values in their sentence."""
    return Counter(row["说明"].rpartition("“")[0] or row["说明"][:6] for row in reported(report))


def counts_of(model: type[Instrument] | type[OutsideCalibration]) -> int:
    with scoped(EVERYTHING):
        return model.objects.count()


def test_real_register_comes_in_with_every_oddity_counted(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.csv"

    assert real_register(city, report) == 0

    told = capsys.readouterr().out
    assert "读入 2876 行：可收 2876，已有 0，退回 0" in told
    assert "190 行（93 组）" in told
    codes = Counter((row["列"], row["内容"] == "", row["级别"]) for row in reported(report))
    assert codes[("购置日期", True, "警告")] == 826
    assert codes[("购置日期", False, "警告")] == 7
    assert sum("出厂编号是空的" in row["说明"] for row in reported(report)) == 9
    assert counts_of(Instrument) == 2876


def test_real_calibrations_come_in_with_every_oddity_counted(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.csv"
    real_register(city, tmp_path / "register.csv")
    capsys.readouterr()

    assert real_calibrations(city, report) == 0

    told = capsys.readouterr().out
    assert "读入 6106 行：可收 6106，已有 0，退回 0" in told
    assert "4 行（2 组）" in told
    kinds = Counter((row["列"], row["说明"].split("，")[0][:4]) for row in reported(report))
    assert kinds == {("出厂编号", "证书上的"): 22, ("校准日期", "同一台器"): 4, ("校准日期", "校准日期"): 1107}
    assert counts_of(OutsideCalibration) == 6106
    with scoped(EVERYTHING):
        assert OutsideCalibration.objects.values("instrument").distinct().count() == 1737


def test_taking_the_same_files_in_again_changes_nothing(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        real_register(city, tmp_path / "register.csv")
        real_calibrations(city, tmp_path / "calibrations.csv")

    told = capsys.readouterr().out
    assert "读入 2876 行：可收 0，已有 2876，退回 0" in told
    assert "读入 6106 行：可收 0，已有 6106，退回 0" in told
    assert (counts_of(Instrument), counts_of(OutsideCalibration)) == (2876, 6106)


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def own_instruments(city: City, file: Path, report: Path, *more: str) -> int:
    return importing("instruments", file, report, "--owner", city.company.uscc, *more)


GOOD_AND_BAD = """资产编号,器具名称,器具类别,出厂编号,购置日期
A1,压力表,OUTSIDE,S1,2020-01-31
A2,,OUTSIDE,S2,2020-01-31
A1,压力表,OUTSIDE,S3,2020-02-31
A4,压力表,NONSENSE,S4,
A5,压力表,OUTSIDE,S5,,,extra
"""


def test_bad_rows_keep_the_whole_file_out(city: City, tmp_path: Path) -> None:
    file = written(tmp_path / "in.csv", GOOD_AND_BAD)

    assert own_instruments(city, file, tmp_path / "report.csv") == 1
    assert counts_of(Instrument) == 0


def test_report_names_line_column_value_and_reason_of_every_bad_row(city: City, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"

    own_instruments(city, written(tmp_path / "in.csv", GOOD_AND_BAD), report)

    errors = [(row["行"], row["列"], row["内容"]) for row in reported(report) if row["级别"] == "错误"]
    assert errors == [
        ("3", "器具名称", ""),
        ("4", "购置日期", "2020-02-31"),
        ("4", "资产编号", "A1"),
        ("5", "器具类别", "NONSENSE"),
        ("6", "", ""),
    ]
    assert all(row["说明"] and row["办法"] for row in reported(report))


def test_good_rows_come_in_when_asked(city: City, tmp_path: Path) -> None:
    file = written(tmp_path / "in.csv", GOOD_AND_BAD)

    assert own_instruments(city, file, tmp_path / "report.csv", "--accept-good") == 0
    with scoped(EVERYTHING):
        assert [(row.external_id, row.serial) for row in Instrument.objects.all()] == [("A1", "S1")]


def test_dry_run_writes_nothing_but_the_report(city: City, tmp_path: Path) -> None:
    file = written(tmp_path / "in.csv", "资产编号,器具名称,器具类别\nA1,压力表,OUTSIDE\n")

    assert own_instruments(city, file, tmp_path / "report.csv", "--dry-run") == 0
    assert counts_of(Instrument) == 0
    assert (tmp_path / "report.csv").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_of_daily_life_are_read(city: City, tmp_path: Path, encoding: str) -> None:
    file = written(tmp_path / "in.csv", "资产编号,器具名称,器具类别\nA1,温度计（℃）,OUTSIDE\n", encoding)

    own_instruments(city, file, tmp_path / "report.csv")

    with scoped(EVERYTHING):
        assert Instrument.objects.get().name_zh == "温度计（℃）"


def test_row_that_differs_from_the_register_is_refused_and_nothing_is_overwritten(city: City, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    own_instruments(city, written(tmp_path / "1.csv", "资产编号,器具名称,器具类别\nA1,压力表,OUTSIDE\n"), report)

    code = own_instruments(city, written(tmp_path / "2.csv", "资产编号,器具名称,器具类别\nA1,温度计,OUTSIDE\n"), report)

    assert code == 1
    assert "这些列不同：name_zh" in reported(report)[0]["说明"]
    with scoped(EVERYTHING):
        assert Instrument.objects.get().name_zh == "压力表"


def test_cell_that_a_spreadsheet_would_run_is_neutral_in_the_report(city: City, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    file = written(tmp_path / "in.csv", "资产编号,器具名称,器具类别\nA1,压力表,=HYPERLINK(1)\n")

    own_instruments(city, file, report)

    assert "'=HYPERLINK(1)" in [row["内容"] for row in reported(report)]


def test_organisations_come_in_and_old_check_digits_only_warn(city: City, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    text = (
        "uscc,name_zh,region_code\n"
        "911100006000373411,示例老单位,330305\n"
        "12100000470095016Q,示例学校,330302\n"
        "123456789012345678,示例占位,330305\n"
        "91110000600037341L,示例新单位,999999\n"
    )

    code = importing("organisations", written(tmp_path / "in.csv", text), report, "--region", "330300", "--accept-good")

    assert code == 0
    levels = [(row["行"], row["列"], row["级别"]) for row in reported(report)]
    assert levels == [
        ("2", "统一社会信用代码", "警告"),
        ("3", "统一社会信用代码", "警告"),
        ("4", "统一社会信用代码", "错误"),
        ("5", "行政区划代码", "错误"),
    ]


def test_calibration_of_an_unknown_instrument_is_refused(city: City, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    file = written(tmp_path / "in.csv", "资产编号,校准日期\nNOBODY,2020-01-31\n")

    assert importing("calibrations", file, report, "--owner", city.company.uscc) == 1
    assert "台账里没有资产编号 NOBODY" in reported(report)[0]["说明"]


def owner_importing(tmp_path: Path, owner_uscc: str, *, kind: str = "instruments") -> int:
    """Import a file as the company's own person, for the owner of a credit code."""
    file = written(tmp_path / "in.csv", "资产编号,器具名称,器具类别\nA1,压力表,OUTSIDE\n")
    report = str(tmp_path / "report.csv")
    return import_.run([kind, str(file), "--as", made.OWNER, "--owner", owner_uscc, "--report", report])


def test_an_owner_imports_instruments_of_their_own(city: City, tmp_path: Path) -> None:
    assert (owner_importing(tmp_path, city.company.uscc), counts_of(Instrument)) == (0, 1)


def test_an_owner_imports_none_for_another(city: City, tmp_path: Path) -> None:
    with pytest.raises(AccessError):
        owner_importing(tmp_path, made.another_company().uscc)
    assert not (tmp_path / "report.csv").exists()


def test_an_owner_imports_no_organisations(city: City, tmp_path: Path) -> None:
    row = f"uscc,name_zh,region_code\n{made.credit_code(41)},示例公司,330305\n"
    file, report = written(tmp_path / "in.csv", row), tmp_path / "report.csv"
    arguments = ["organisations", str(file), "--as", made.OWNER, "--report", str(report), "--region", "330305"]
    with pytest.raises(AccessError):
        import_.run(arguments)


def test_office_cannot_import_for_an_owner_outside_its_area(city: City, tmp_path: Path) -> None:
    far = made.another_company(99, region="330102")
    file = written(tmp_path / "in.csv", "资产编号,器具名称,器具类别\nA1,压力表,OUTSIDE\n")

    with pytest.raises(AccessError):
        importing("instruments", file, tmp_path / "report.csv", "--owner", far.uscc)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--map", "nonsense=资产编号"], "模板里没有 nonsense"),
        (["--map", "external_id=没有的列"], "没有的列"),
        (["--map", "external_id"], "不是 键=列名"),
        (["--site", "没有的站"], "没有名为“没有的站”的地点"),
        (["--category", "NONSENSE"], "NONSENSE"),
        (["--region", "999999"], "999999"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_wrong_argument_is_answered_in_a_sentence(city: City, tmp_path: Path, arguments: list[str], words: str) -> None:
    file = written(tmp_path / "in.csv", "资产编号,器具名称,器具类别\nA1,压力表,OUTSIDE\n")

    with pytest.raises(InputError, match=words):
        own_instruments(city, file, tmp_path / "report.csv", *arguments)


def test_missing_column_is_named_with_the_columns_there_are(city: City, tmp_path: Path) -> None:
    file = written(tmp_path / "in.csv", "编号,器具名称\nA1,压力表\n")

    with pytest.raises(InputError, match=r"资产编号（external_id）.*编号、器具名称"):
        own_instruments(city, file, tmp_path / "report.csv")


def test_report_cannot_overwrite_the_file_it_is_about(city: City, tmp_path: Path) -> None:
    file = written(tmp_path / "in.csv", "资产编号,器具名称,器具类别\nA1,压力表,OUTSIDE\n")

    with pytest.raises(InputError, match="报告不能写到"):
        own_instruments(city, file, file)


def test_report_is_in_the_language_of_the_terminal(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLUMBLINE_LANG", "en")
    report = tmp_path / "report.csv"

    own_instruments(city, written(tmp_path / "in.csv", GOOD_AND_BAD), report)

    assert reported(report)[0]["Note"] == "The name of the instrument is empty"
    assert "5 rows read: 1 new, 0 held already, 4 refused" in capsys.readouterr().out
