"""A cell of a list: its words, what is shown with them, and what a file gets in their place; and a row of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from plumbline.faces.kit.shapes import Clock


@dataclass(frozen=True)
class Cell:
    """A cell. kind: a state kind shown with the words; value: what a file gets in place of the words."""

    text: str
    kind: str = ""
    url: str = ""
    css: str = ""
    clock: Clock | None = None
    value: str | int | Decimal | date | datetime | None = None
    lines: Sequence[Cell] = ()


@dataclass(frozen=True)
class Line:
    """A row: its cells with the labels of their heads, and what it is ticked by."""

    key: str
    name: str
    cells: Sequence[tuple[str, Cell]]
