"""`plumbline import organisations|instruments|calibrations FILE`: takes a file in, and names every bad row in a report.

Nothing is written when a row is bad, unless `--accept-good` asks for the good ones; `--dry-run` never writes. Taking
the same file in again changes nothing. The templates are in docs/how-to/import.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from plumbline.domain.accounts.types import Actor
from plumbline.domain.certificates import actions as certificates
from plumbline.domain.certificates import queries as outside
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers import queries as held
from plumbline.domain.registers.types import IntakeTarget
from plumbline.domain.rows.findings import (
    ALL_OR_NOTHING,
    CHECK,
    GOOD_ROWS,
    Finding,
    Intake,
    Sentences,
    Tally,
    sentence,
)
from plumbline.domain.rows.scope import scoped
from plumbline.domain.rows.staging import findings
from plumbline.errors import InputError, Text, say
from plumbline.faces.commands.arguments import Arguments, acting, actor_of
from plumbline.faces.commands.reports import written
from plumbline.faces.commands.terminal import in_words, is_chinese, tell
from plumbline.gateways.tables.reading import open_table
from plumbline.gateways.tables.template import Layout, Sheet, Template, lay_out
from plumbline.gateways.tables.writing import write_csv

KINDS = ("organisations", "instruments", "calibrations")


def run(arguments: list[str]) -> int:
    """Run the verb; returns 0 if the import went in or would, 1 if bad rows keep it out."""
    given = _parser().parse_args(arguments)
    at = timezone.now()
    template, sentences = _template(given.kind)
    stream = open_table(Path(given.file))
    layout = lay_out(template, stream.columns, mapping=_mapping(given.map))
    _tell_layout(layout)
    _require_other_file(given)
    actor = actor_of(given, at=at)
    with written(given.report, field="report") as file, scoped(actor.scope):
        result = _take_in(actor, Sheet(layout, stream.rows), given=given, at=at)
        write_csv(file, _report_header(), rows=_report_rows(template, layout, sentences=sentences))
    return _tell_result(result, sentences, given=given)


def _parser() -> argparse.ArgumentParser:
    parser = Arguments(prog="./plumbline import")
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("file", help="CSV 或 Parquet / CSV or Parquet")
    acting(parser)
    parser.add_argument("--report", required=True, metavar="FILE.csv", help="逐行报告 / the report, row by row")
    parser.add_argument("--owner", metavar="USCC", help="器具单位的统一社会信用代码 / credit code of the owner")
    parser.add_argument("--site", metavar="NAME", help="单位的地点名称 / name of one of the owner's sites")
    parser.add_argument("--region", metavar="CODE", help="行政区划代码 / region code, when there is no site")
    parser.add_argument("--category", help="器具类别，目录外为 OUTSIDE / category for rows without one")
    parser.add_argument(
        "--map", action="append", default=[], metavar="KEY=COLUMN", help="指明文件里的列 / name a column"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="只检查，不写入 / check only")
    how.add_argument("--accept-good", action="store_true", help="只收好的行 / take the good rows in")
    return parser


def _template(kind: str) -> tuple[Template, Mapping[str, Sentences]]:
    if kind == "organisations":
        return directory.organisation_template(), directory.organisation_sentences()
    if kind == "instruments":
        return held.instrument_template(), held.instrument_sentences()
    return outside.calibration_template(), outside.calibration_sentences()


def _mapping(pairs: list[str]) -> dict[str, str]:
    parts = [pair.partition("=") for pair in pairs]
    wrong = [pair for pair, (key, _, column) in zip(pairs, parts, strict=True) if not (key and column)]
    if wrong:
        raise InputError(
            say("--map 的“{pair}”不是 键=列名", pair=wrong[0]),
            remedy=say("例如 --map external_id=asset_uid"),
            field="map",
        )
    return {key.strip(): column.strip() for key, _, column in parts}


def _require_other_file(given: argparse.Namespace) -> None:
    """Pass if the report is not to take the place of the file taken in. Raises: InputError."""
    if Path(given.report).resolve() == Path(given.file).resolve():
        raise InputError(
            say("报告不能写到 {path}", path=given.report),
            remedy=say("写到已有的文件夹里，且不要用导入文件的名字"),
            field="report",
        )


def _take_in(actor: Actor, sheet: Sheet, *, given: argparse.Namespace, at: datetime) -> Intake:
    mode = CHECK if given.dry_run else GOOD_ROWS if given.accept_good else ALL_OR_NOTHING
    if given.kind == "organisations":
        if not given.region:
            raise InputError(
                say("没有写明行政区划"), remedy=say("用 --region 写出本部门管辖的地区代码"), field="region"
            )
        return registers.import_organisations(actor, sheet, region_code=given.region, mode=mode, at=at)
    owner = _owner(given)
    if given.kind == "calibrations":
        return certificates.import_calibrations(actor, sheet, owner_id=owner.id, mode=mode, at=at)
    return registers.import_instruments(actor, sheet, target=_target(given, owner), mode=mode, at=at)


def _owner(given: argparse.Namespace) -> OrganisationFacts:
    if not given.owner:
        raise InputError(say("没有写明器具属于哪个单位"), remedy=say("用 --owner 写出统一社会信用代码"), field="owner")
    return directory.organisation_by_uscc(given.owner)


def _target(given: argparse.Namespace, owner: OrganisationFacts) -> IntakeTarget:
    site_id: UUID | None = None
    region_code = given.region or owner.region_code
    if given.site:
        sites = {site.name_zh: site for site in held.sites_of(owner.id)}
        if given.site not in sites:
            raise InputError(
                say("单位“{owner}”没有名为“{site}”的地点", owner=owner.name_zh, site=given.site),
                remedy=say("已有的地点：{names}", names="、".join(sites) or "—"),
                field="site",
            )
        site_id, region_code = sites[given.site].id, sites[given.site].region_code
    return IntakeTarget(owner.id, region_code, site_id, given.category or "")


def _report_header() -> list[str]:
    titles = (say("行"), say("列"), say("文件里的列名"), say("内容"), say("级别"), say("说明"), say("办法"))
    return [in_words(title) for title in titles]


def _report_rows(
    template: Template, layout: Layout, *, sentences: Mapping[str, Sentences]
) -> Iterator[tuple[str | int, ...]]:
    for finding in findings():
        what, remedy = sentence(sentences, finding)
        column = template.column(finding.column)
        yield (
            finding.line,
            (column.zh if is_chinese() else column.en) if column else "",
            layout.headers.get(finding.column, ""),
            finding.value,
            in_words(_level(is_error=finding.is_error)),
            in_words(what),
            in_words(remedy),
        )


def _level(*, is_error: bool) -> Text:
    return say("错误") if is_error else say("警告")


def _tell_layout(layout: Layout) -> None:
    used = "、".join(f"{key}={header}" for key, header in layout.headers.items())
    tell(say("使用的列：{used}", used=used))
    if layout.ignored:
        tell(say("没有导入的列：{names}", names="、".join(layout.ignored)))


def _tell_result(result: Intake, sentences: Mapping[str, Sentences], *, given: argparse.Namespace) -> int:
    tell(
        say(
            "读入 {read} 行：可收 {new}，已有 {unchanged}，退回 {refused}；带警告 {warned}",
            read=result.read, new=result.new, unchanged=result.unchanged, refused=result.refused, warned=result.warned,
        )
    )  # fmt: skip
    for tally in result.tallies:
        _tell_tally(tally, sentences)
    tell(say("逐行报告：{path}", path=given.report))
    if result.is_written:
        tell(say("已写入 {new} 行", new=result.new))
        return 0
    if given.dry_run:
        tell(say("只做了检查，没有写入"))
        return 1 if result.refused else 0
    tell(say("有 {refused} 行退回，没有写入；改正后重来，或加 --accept-good 只收好的行", refused=result.refused))
    return 1


def _tell_tally(tally: Tally, sentences: Mapping[str, Sentences]) -> None:
    example = Finding(0, "", "…", tally.code, is_error=tally.is_error, other="…")
    what, _ = sentence(sentences, example)
    level = _level(is_error=tally.is_error)
    tell(
        say("  {level} {rows} 行（{groups} 组）：{what}", level=level, rows=tally.rows, groups=tally.groups, what=what)
    )
