"""`plumbline due --at DATE --intervals FILE.toml`: what falls due by outside calibrations, under assumed intervals.

The list is CSV on the output, or in a file; what it rests on is said beside it: the intervals are an assumption, and
the calibrations name no measurement standards, so that no chain is claimed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO
from uuid import UUID

from django.utils import timezone

from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.queries import DueRow
from plumbline.domain.directory import queries as directory
from plumbline.domain.rows.scope import scoped
from plumbline.errors import Text, say
from plumbline.faces.commands.arguments import Arguments, acting, actor_of, day_of
from plumbline.faces.commands.reports import written
from plumbline.faces.commands.terminal import in_words, is_chinese, warn
from plumbline.gateways.tables.writing import Cell, write_csv

NO_CHAIN = say("没有溯源链：校准记录没有写所用的计量标准")
STATUS = {"never": say("从未校准"), "overdue": say("已超期"), "in_time": say("未到期")}


def run(arguments: list[str]) -> int:
    """Run the verb; returns 0."""
    given = _parser().parse_args(arguments)
    at = timezone.now()
    on = day_of(given.at, field="at")
    intervals = certificates.read_intervals(Path(given.intervals))
    counts: Counter[str] = Counter()
    with scoped(actor_of(given, at=at).scope):
        rows = certificates.due_rows(intervals, owner_id=_owner_id(given), at=on)
        _write(given.out, _cells(rows, given.status, counts=counts))
    note = intervals.note.zh if is_chinese() else intervals.note.en
    warn(say("间隔是假定的：{note}", note=note))
    warn(NO_CHAIN)
    warn(
        say(
            "{day}：从未校准 {never} 台，已超期 {overdue} 台，未到期 {in_time} 台",
            day=on, never=counts["never"], overdue=counts["overdue"], in_time=counts["in_time"],
        )
    )  # fmt: skip
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Arguments(prog="./plumbline due")
    acting(parser)
    parser.add_argument("--at", required=True, metavar="DATE", help="日期 / the day")
    parser.add_argument("--intervals", required=True, metavar="FILE.toml", help="假定的间隔 / assumed intervals")
    parser.add_argument("--owner", metavar="USCC", help="只列一个单位 / one owner only")
    parser.add_argument("--status", choices=sorted(STATUS), help="只列一种 / one status only")
    parser.add_argument("--out", metavar="FILE.csv", help="写到文件 / write to a file")
    return parser


def _owner_id(given: argparse.Namespace) -> UUID | None:
    return directory.organisation_by_uscc(given.owner).id if given.owner else None


def _write(out: str | None, rows: Iterator[tuple[Cell, ...]]) -> None:
    if out is None:
        _list(sys.stdout, rows)
        return
    with written(out, field="out") as file:
        _list(file, rows)


def _list(file: TextIO, rows: Iterator[tuple[Cell, ...]]) -> None:
    titles = (
        say("器具码"), say("资产编号"), say("器具名称"), say("出厂编号"), say("器具分类"), say("最近校准"),
        say("假定间隔（月）"), say("到期日"), say("状态"), say("溯源链"),
    )  # fmt: skip
    write_csv(file, [in_words(title) for title in titles], rows=rows)


def _cells(rows: Iterator[DueRow], status: str | None, *, counts: Counter[str]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        counts[row.status] += 1
        if status in (None, row.status):
            yield _line(row)


def _line(row: DueRow) -> tuple[Cell, ...]:
    shown: Text = STATUS[row.status]
    return (
        row.identity,
        row.external_id,
        row.name_zh,
        row.serial,
        row.instrument_class,
        row.performed_on.isoformat() if row.performed_on else "",
        row.months,
        row.due_on.isoformat() if row.due_on else "",
        in_words(shown),
        in_words(NO_CHAIN),
    )
