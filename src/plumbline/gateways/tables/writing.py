"""Writes CSV for Excel: UTF-8 with mark, and no cell that a spreadsheet would run as a formula.

Source: the project's trust design, section 11: cells that begin with `= + - @`, tab or CR are neutralised.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TextIO

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
Cell = str | int | float | Decimal | None


def write_csv(file: TextIO, header: Sequence[str], *, rows: Iterable[Sequence[Cell]]) -> int:
    """Write a table to a file opened with newline="" and return the number of rows. Numbers stay numbers."""
    file.write("\ufeff")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([neutral(name) for name in header])
    count = 0
    for row in rows:
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])
        count += 1
    return count


def neutral(cell: str) -> str:
    """Return a text as a spreadsheet shows it and never runs it: an apostrophe goes before a dangerous beginning."""
    return f"'{cell}" if cell.lstrip(" \u3000").startswith(_DANGEROUS) or cell.startswith(_DANGEROUS) else cell
