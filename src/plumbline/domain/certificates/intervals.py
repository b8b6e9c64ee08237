"""Reads an interval file: how many months after a calibration the next falls due, by class. Always an assumption.

Pure: a TOML file with `status = "assumption"`, both notes, `default_months` and a table `months` of class to months.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from plumbline.errors import InputError, Term, say
from plumbline.rulebook.reading import Table, parse_table

MOST_MONTHS = 600
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Intervals:
    """Assumed intervals in months by instrument class, with the assumption in words."""

    note: Term
    default_months: int
    months: Mapping[str, int]

    def of(self, instrument_class: str) -> int:
        """Return the months of a class."""
        return self.months.get(instrument_class, self.default_months)


def read_intervals(path: Path) -> Intervals:
    """Return the intervals of a file. Raises: InputError naming what is wrong in it."""
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        raise InputError(
            say("找不到间隔文件 {name}，或文件太大", name=path.name), remedy=say("核对路径和文件名"), field="intervals"
        )
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as err:
        raise InputError(
            say("间隔文件 {name} 不是 UTF-8 文本", name=path.name), remedy=say("另存为 UTF-8"), field="intervals"
        ) from err
    return parse_intervals(text, file=path.name)


def parse_intervals(text: str, *, file: str) -> Intervals:
    """Return the intervals of the text of a file. Raises: InputError naming file, key and remedy."""
    table = parse_table(text, file=file)
    table.choice("status", ("assumption",))
    note = Term(table.text("note_zh"), table.text("note_en"))
    default = _months(table, "default_months")
    by_class = table.table("months") if table.has("months") else None
    months = {name: _months(by_class, name) for name in by_class.names()} if by_class else {}
    table.finish()
    return Intervals(note, default, MappingProxyType(months))


def _months(table: Table, name: str) -> int:
    months = table.whole(name)
    if not 1 <= months <= MOST_MONTHS:
        raise table.fault(
            say("规则文件 {file} 的 {key} 是 {months} 个月", file=table.file, key=table.path(name), months=months),
            name,
            remedy=say("写 1 到 {most} 个月", most=MOST_MONTHS),
        )
    return months
