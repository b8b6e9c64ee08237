"""Writes .xlsx in bounded memory: rows with comments and choice lists; text stays text and is never run.

Strings are written as strings (no formulas, no links, no numbers from text): Excel runs none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | int | Decimal | None
LIST_CHARACTERS = 255
"""What Excel takes in a choice list that is written into the rule itself."""
VALIDATED_ROWS = 5_000
SHEET_ROWS = 1_048_575
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}


@dataclass(frozen=True)
class Head:
    """A column as a sheet begins it: its name, the comment beside it, its choices, and how wide it is."""

    name: str
    comment: str = ""
    choices: Sequence[str] = ()
    is_required: bool = False
    width: int = 18


@dataclass(frozen=True)
class Tab:
    """A sheet: name, columns, rows; marks: cells to mark, by (row, column) from 0 below the header."""

    name: str
    heads: Sequence[Head]
    rows: Iterable[Sequence[Cell]] = ()
    marks: Mapping[tuple[int, int], str] = field(default_factory=dict)


def write_workbook(path: Path, tabs: Sequence[Tab]) -> None:
    """Write a workbook to a file, its sheets in order."""
    with xlsxwriter.Workbook(str(path), _PLAIN) as workbook:
        bold = workbook.add_format({"bold": True, "bg_color": "#E8EEF4", "text_wrap": True, "valign": "top"})
        marked = workbook.add_format({"bg_color": "#FBE3E0"})
        for tab in tabs:
            sheet = workbook.add_worksheet(tab.name[:31])
            _head(sheet, tab, bold=bold)
            for number, row in enumerate(tab.rows, start=1):
                if number > SHEET_ROWS:
                    break
                for place, cell in enumerate(row):
                    _write(
                        sheet, (number, place), cell=cell, marked=marked if (number - 1, place) in tab.marks else None
                    )


def _head(sheet: Worksheet, tab: Tab, *, bold: Format) -> None:
    sheet.freeze_panes(1, 0)
    for place, head in enumerate(tab.heads):
        sheet.set_column(place, place, head.width)
        sheet.write_string(0, place, head.name, bold)
        if head.comment:
            sheet.write_comment(0, place, head.comment, {"x_scale": 1.8, "y_scale": 1.4})
        if head.choices and len(",".join(head.choices)) <= LIST_CHARACTERS:
            rule = {"validate": "list", "source": list(head.choices), "error_type": "warning"}
            sheet.data_validation(1, place, VALIDATED_ROWS, place, rule)


def _write(sheet: Worksheet, place: tuple[int, int], *, cell: Cell, marked: Format | None) -> None:
    if cell is None or cell == "":
        if marked is not None:
            sheet.write_blank(*place, None, marked)
    elif isinstance(cell, str):
        sheet.write_string(*place, cell, marked)
    else:
        sheet.write_number(*place, float(cell), marked)
