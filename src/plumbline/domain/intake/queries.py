"""Reads of an import that runs as long work: its file, its columns, what it found and how it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from uuid import UUID

from plumbline.domain.errands import actions as errands
from plumbline.domain.errands import queries as asked_for
from plumbline.domain.errands.types import ErrandFacts
from plumbline.domain.files import queries as kept
from plumbline.domain.intake.types import CAPS, BroughtFile
from plumbline.domain.rows.findings import Finding, Intake, Tally
from plumbline.domain.rows.staging import Copied
from plumbline.gateways.tables.reading import open_table
from plumbline.gateways.tables.template import Layout, Template, lay_out
from plumbline.gateways.tables.values import TableStream

FOUND = 10_000_000
"""The number of the first piece that holds findings of the comparison; rows and their own findings lie below."""


def file_of(errand: ErrandFacts) -> BroughtFile:
    """Return the file an errand takes in."""
    raw = texts(errand.asked.get("file"))
    return BroughtFile(raw["sha256"], raw["name"], int(raw["size"]))


def stream_of(errand: ErrandFacts) -> TableStream:
    """Return the rows of the file an errand takes in, once more. Raises: StateError if it was cleared away."""
    return open_table(kept.parked(file_of(errand).sha256), caps=CAPS)


def columns_of(errand: ErrandFacts) -> tuple[str, ...]:
    """Return the columns of the file, as it was opened."""
    raw = errand.result.get("columns")
    return tuple(str(name) for name in raw) if isinstance(raw, list) else ()


def sample_of(errand: ErrandFacts) -> list[list[str]]:
    """Return the first rows of the file, as it was opened, each as wide as the header."""
    raw = errand.result.get("sample")
    width = len(columns_of(errand))
    rows = [[str(cell) for cell in row] for row in raw] if isinstance(raw, list) else []
    return [[*row[:width], *[""] * (width - len(row))] for row in rows]


def mapping_of(errand: ErrandFacts) -> dict[str, str]:
    """Return which column is which: as its person said, else as the names of the columns suggest."""
    return texts(errand.asked.get("mapping", errand.result.get("guess")))


def layout_of(errand: ErrandFacts, template: Template) -> Layout:
    """Return where the columns stand. Raises: InputError where a required one is missing."""
    return lay_out_as(template, columns_of(errand), mapping=mapping_of(errand))


def lay_out_as(template: Template, columns: tuple[str, ...], *, mapping: Mapping[str, str]) -> Layout:
    """Return where the columns of a mapping stand: what is not in it is not read, unless it must be there.

    Raises: InputError where a required one is missing.
    """
    read = tuple(each for each in template.columns if each.key in mapping or each.is_required)
    return lay_out(replace(template, columns=read), columns, mapping=mapping)


def intake_of(errand: ErrandFacts) -> Intake | None:
    """Return how the import ended, or would; None before the rows were compared."""
    raw = errand.result.get("intake")
    if not isinstance(raw, dict):
        return None
    return Intake(**{**raw, "tallies": tuple(Tally(**each) for each in raw["tallies"])})


def found(errand_id: UUID) -> Iterator[Finding]:
    """Yield what was found, in order of line, a piece at a time."""
    for content in asked_for.pieces(errand_id, first=FOUND):
        yield from (Finding(*each) for each in json.loads(content))


def put_rows_aside(errand_id: UUID, piece: int, *, ready: Copied) -> None:
    """Keep a piece of rows as COPY reads them, and what was found in them."""
    errands.put_aside(errand_id, 2 * piece, content=ready.rows)
    errands.put_aside(errand_id, 2 * piece + 1, content=ready.findings)


def rows_aside(errand_id: UUID) -> Iterator[Copied]:
    """Yield the pieces of rows in order."""
    pieces = asked_for.pieces(errand_id, below=FOUND)
    for rows, own in zip(pieces, pieces, strict=True):
        yield Copied(rows, own, rows.count("\n"))


def clear_rows(errand_id: UUID) -> None:
    """Clear the rows away that were taken in; what was found stays to be read."""
    errands.clear_pieces(errand_id, below=FOUND)


def texts(raw: object) -> dict[str, str]:
    """Return a JSON object as texts."""
    return {str(key): str(value) for key, value in raw.items()} if isinstance(raw, Mapping) else {}
