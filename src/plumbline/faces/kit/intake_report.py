"""How an import ended, as a page and a file say it: how many rows, what was found in which cell, and what to do.

Shows what `domain.rows` and the room's sentences found; leaves reading the file and writing rows to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

from django.utils.translation import gettext as _

from plumbline.domain.rows.findings import Finding, Intake, Sentences, sentence
from plumbline.errors import Text
from plumbline.faces.kit import formats
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.gateways.tables.template import Column, Layout, Template
from plumbline.gateways.tables.writing import write_csv

SHOWN_MOST = 200


@dataclass(frozen=True)
class FindingLine:
    """One thing found: its line in the file, the column by its name, the cell, how grave, and what to do."""

    line: int
    column: str
    value: str
    is_error: bool
    what: Text
    remedy: Text


@dataclass(frozen=True)
class TallyLine:
    """How many rows one thing was found in."""

    rows: int
    is_error: bool
    what: Text


@dataclass(frozen=True)
class Report:
    """An import and what it found; `lines` are the first findings, `is_cut` says that there are more."""

    intake: Intake
    tallies: Sequence[TallyLine]
    lines: Sequence[FindingLine]
    is_cut: bool
    used: Sequence[tuple[str, str]]
    ignored: Sequence[str]


@dataclass(frozen=True)
class Known:
    """What a room knows of the files it takes in: its template and the sentences of what it finds."""

    template: Template
    sentences: Mapping[str, Sentences]


def report_of(intake: Intake, found: Iterable[Finding], *, layout: Layout, known: Known) -> Report:
    """Return what a page says of an import."""
    lines = list(islice(finding_lines(found, known), SHOWN_MOST + 1))
    example = {tally.code: Finding(0, "", "…", tally.code, tally.is_error, other="…") for tally in intake.tallies}
    return Report(
        intake=intake,
        tallies=[
            TallyLine(tally.rows, tally.is_error, sentence(known.sentences, example[tally.code])[0])
            for tally in intake.tallies
        ],
        lines=lines[:SHOWN_MOST],
        is_cut=len(lines) > SHOWN_MOST,
        used=[(column_name(known.template.column(key)), header) for key, header in layout.headers.items()],
        ignored=layout.ignored,
    )


def finding_lines(found: Iterable[Finding], known: Known) -> Iterator[FindingLine]:
    """Yield what was found in words, errors and warnings, in the order they come."""
    for each in found:
        what, remedy = sentence(known.sentences, each)
        column = column_name(known.template.column(each.column))
        yield FindingLine(each.line, column, each.value, each.is_error, what, remedy)


def column_name(column: Column | None) -> str:
    """Return the name of a column in the reader's language, empty for the row as a whole."""
    if column is None:
        return ""
    return column.en if formats.is_english() else column.zh


def report_head() -> list[str]:
    """Return the header of a report of findings."""
    return [_("行"), _("列"), _("内容"), _("级别"), _("说明"), _("办法")]


def report_rows(lines: Iterable[FindingLine]) -> Iterator[tuple[str | int, ...]]:
    """Yield the rows of a report of findings."""
    levels = {True: _("错误"), False: _("警告")}
    for each in lines:
        yield each.line, each.column, each.value, levels[each.is_error], text_of(each.what), text_of(each.remedy)


def write_template(file: TextIO, template: Template) -> None:
    """Write an empty file of a template: its header in the reader's language."""
    write_csv(file, [column_name(column) for column in template.columns], rows=())
