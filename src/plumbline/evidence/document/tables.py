"""Tables on paper: A4 pages of figures, each headed with what they are, as of when and from which facts.

A view only: what may be relied on is the file or the page it was printed from, which the head names.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from plumbline.errors import InputError, say
from plumbline.evidence.document.press import press, unprintable

TEMPLATE = "tables.typ"


@dataclass(frozen=True)
class Table:
    """A table: its title, a sentence about it, the heads, and rows of texts. All columns but the first are numbers."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.heads) for row in self.rows):
            raise InputError(say("表格“{title}”的行和表头不一样宽", title=self.title))


@dataclass(frozen=True)
class Paper:
    """What is printed. sources: lines under the title: as of when, from which facts; foot: at the foot of every page;
    pages: how a page is numbered, with {this} and {all}; lacking: what is said where a character cannot be printed;
    language: zh or en."""

    title: str
    sources: Sequence[str]
    tables: Sequence[Table]
    foot: str
    pages: str
    lacking: str
    language: str


def render_tables(paper: Paper, *, font_dir: Path, at: datetime) -> bytes:
    """Return the PDF/A-3b. at: the creation time written into it. Raises: StateError if the fonts are missing."""
    text = json.dumps(_fields(paper), ensure_ascii=False)
    if lacking := unprintable(text, font_dir):
        plain = str.maketrans(dict.fromkeys(lacking, "?"))
        text = json.dumps({**_fields(paper), "lacking": paper.lacking}, ensure_ascii=False).translate(plain)
    return press(TEMPLATE, font_dir).pdf({"data": text}, at)


def _fields(paper: Paper) -> dict[str, object]:
    before, between, after = _around(paper.pages)
    return {
        "title": paper.title,
        "sources": list(paper.sources),
        "foot": paper.foot,
        "pages": [before, between, after],
        "lacking": "",
        "language": paper.language,
        "tables": [
            {
                "title": each.title,
                "note": each.note,
                "heads": list(each.heads),
                "rows": [list(row) for row in each.rows],
            }
            for each in paper.tables
        ],
    }


def _around(words: str) -> tuple[str, str, str]:
    """Return what stands before, between and after the two numbers of a page."""
    before, _mark, rest = words.partition("{this}")
    between, _mark, after = rest.partition("{all}")
    return before, between, after
