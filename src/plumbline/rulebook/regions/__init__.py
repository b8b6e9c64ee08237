"""Administrative divisions to county level in every edition known, and what became of codes that ended.

Answers: which codes there are, under which names and parents, in which editions; which code followed which.
Leaves the tree, the scope and the database to the room `directory`. Where the data come from: see PROVENANCE.md.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache

from plumbline.errors import InputError, Term, say
from plumbline.rulebook.reading import RULEBOOK, Table, parse_table, read_table

FOLDER = RULEBOOK / "regions"
REGIONS_CSV = FOLDER / "regions.csv"
CHANGES_TOML = FOLDER / "region_changes.toml"

EDITIONS = (
    "2002", "200306", "2003", "200506", "2005", "2006", "2008", "2009", "2011", "2012", "2014", "202411",
)  # fmt: skip
"""In order of time. A year stands for its end and yyyymm for that month, so 200306 lies before 2003: never sorted as a
number. "2014" is the newest GB/T 2260 edition at hand; "202411" the division list of china-division 2.7.0."""
ALL, PART = "all", "part"


@dataclass(frozen=True)
class Division:
    """One division under one name. level: 1 province, 2 prefecture, 3 county; the key is (code, level, name)."""

    code: str
    level: int
    name: str
    parent: str
    first_edition: str
    last_edition: str
    is_current: bool


@dataclass(frozen=True)
class Move:
    """Territory of `predecessor` went to `successor`: all of it, or a part. `day` is None where no source told it."""

    zh: str
    en: str
    predecessor: str
    successor: str
    share: str
    year: int | None
    day: date | None
    source: str


@cache
def divisions() -> tuple[Division, ...]:
    """Return every division in every edition known, in order of code, level and first edition."""
    with REGIONS_CSV.open(encoding="utf-8", newline="") as file:
        return tuple(_division(row) for row in csv.DictReader(file))


@cache
def codes() -> frozenset[str]:
    """Return every code known, of any edition."""
    return frozenset(division.code for division in divisions())


@cache
def moves() -> tuple[Move, ...]:
    """Return what is known of successors, from `region_changes.toml`. What is not there is unknown."""
    return _moves(read_table(CHANGES_TOML))


def parse_moves(text: str) -> tuple[Move, ...]:
    """Return the moves of the text of a changes file. Raises: InputError naming file, key and remedy."""
    return _moves(parse_table(text, file=CHANGES_TOML.name))


def edition_year(edition: str) -> int:
    """Return the year an edition belongs to."""
    return int(edition[:4])


def _division(row: dict[str, str]) -> Division:
    return Division(
        code=row["code"],
        level=int(row["level"]),
        name=row["name"],
        parent=row["parent"],
        first_edition=row["first_edition"],
        last_edition=row["last_edition"],
        is_current=row["current"] == "1",
    )


def _moves(top: Table) -> tuple[Move, ...]:
    found = [move for change in top.rows("changes") for move in _change(change)]
    top.finish()
    return tuple(found)


def _change(table: Table) -> list[Move]:
    name = Term(table.text("name_zh"), table.text("name_en"))
    day = table.day_or_none("day")
    year = day.year if day else table.whole("year") if table.has("year") else None
    source = "；".join([table.text("seen"), *table.texts("urls")])
    moved = [_move(row, name, year=year, day=day, source=source) for row in table.rows("moves")]
    table.finish()
    if not moved:
        raise table.fault(say("规则文件 {file} 的 {key} 没有写去向", file=table.file, key=table.path("moves")), "moves")
    return moved


def _move(table: Table, name: Term, *, year: int | None, day: date | None, source: str) -> Move:
    move = Move(
        zh=name.zh,
        en=name.en,
        predecessor=_known_code(table, "from"),
        successor=_known_code(table, "to"),
        share=table.choice("share", (ALL, PART)),
        year=year,
        day=day,
        source=source,
    )
    table.finish()
    if move.predecessor == move.successor:
        raise table.fault(say("规则文件 {file} 的 {key} 前后是同一个代码", file=table.file, key=table.path("to")), "to")
    return move


def _known_code(table: Table, name: str) -> str:
    code = table.text(name)
    if code not in codes():
        raise InputError(
            say(
                "规则文件 {file} 的 {key} 写着不存在的行政区划代码 {code}",
                file=table.file,
                key=table.path(name),
                code=code,
            ),
            remedy=say("对照 regions.csv 改正代码"),
            field=table.path(name),
        )
    return code
