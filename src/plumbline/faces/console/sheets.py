"""Sections of a page that are tables of cells: each with its heads, its rows, and what is said while there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plumbline.faces.kit.cells import Cell


@dataclass(frozen=True)
class Sheet:
    """One section. note: quiet words below it."""

    anchor: str
    title: str
    heads: Sequence[str]
    lines: Sequence[Sequence[Cell]]
    none: str
    note: str = ""

    @property
    def rows(self) -> list[list[tuple[str, Cell]]]:
        """Each line as its cells under their heads."""
        return [list(zip(self.heads, line, strict=True)) for line in self.lines]
