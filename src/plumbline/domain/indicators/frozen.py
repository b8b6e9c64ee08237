"""What the file of a frozen report says, and whether two counts of a month say the same.

The file is canonical JSON: the month, what was known by then, the editions it was counted by, and every line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypeVar, cast

from plumbline.domain.indicators.types import Counted, Difference, Documents, MonthFigures, Work
from plumbline.errors import ProofError, say
from plumbline.evidence.canonical import Json, jcs, parse_strict
from plumbline.evidence.statement import instant
from plumbline.rulebook import catalogue

VERSION = 1
MOST_BYTES = 200_000_000
KEYS = {"coverage": 2, "documents": 5, "work": 2}
"""How many members of a line say what is counted; the others are counts."""
L = TypeVar("L", Counted, Documents, Work)


def periodic_categories() -> tuple[str, ...]:
    """Return the categories that fall due again and again by the rulebook of today."""
    return tuple(sorted(code for code, each in catalogue.categories().items() if each.is_verified_periodically))


def content_of(month: date, figures: MonthFigures, *, place: int, at: datetime) -> bytes:
    """Return the bytes of a report."""
    return jcs(
        {
            "v": VERSION,
            "month": f"{month:%Y-%m}",
            "frozen_at": instant(at),
            "arrival": place,
            "periodic": list(periodic_categories()),
            **{name: {"columns": list(kind._fields), "lines": _lines(figures, name)} for name, kind in _KINDS.items()},
        }
    )


def read(content: bytes) -> tuple[MonthFigures, tuple[str, ...]]:
    """Return the figures of a file and the categories that fell due then. Raises: ProofError for no such file."""
    said = parse_strict(content, MOST_BYTES)
    if not isinstance(said, dict) or said.get("v") != VERSION:
        raise ProofError(say("月报文件的格式不对"), remedy=say("用备份恢复这份文件"))
    figures = MonthFigures(_read(said, Counted), _read(said, Documents), _read(said, Work))
    return figures, tuple(str(each) for each in cast("list[Json]", said["periodic"]))


def differences(was: MonthFigures, now: MonthFigures) -> Iterator[Difference]:
    """Yield every number that is not the same, in the order of the figures and their lines."""
    for name, width in KEYS.items():
        before, after = _by_key(was, name, width=width), _by_key(now, name, width=width)
        counts = _KINDS[name]._fields[width:]
        for key in sorted({*before, *after}):
            old, new = before.get(key, (0,) * len(counts)), after.get(key, (0,) * len(counts))
            for count, first, second in zip(counts, old, new, strict=True):
                if first != second:
                    yield Difference(name, key, count, first, second)


_KINDS: dict[str, type[Counted] | type[Documents] | type[Work]] = {
    "coverage": Counted,
    "documents": Documents,
    "work": Work,
}


def _lines(figures: MonthFigures, name: str) -> list[Json]:
    return [list(line) for line in _figure(figures, name)]


def _figure(figures: MonthFigures, name: str) -> Sequence[tuple[str | int, ...]]:
    return cast("Sequence[tuple[str | int, ...]]", getattr(figures, name))


def _by_key(figures: MonthFigures, name: str, *, width: int) -> dict[tuple[str, ...], tuple[int, ...]]:
    return {
        tuple(str(each) for each in line[:width]): tuple(int(each) for each in line[width:])
        for line in _figure(figures, name)
    }


def _read(said: dict[str, Json], kind: type[L]) -> tuple[L, ...]:
    name = next(name for name, each in _KINDS.items() if each is kind)
    part = said.get(name)
    if not isinstance(part, dict) or part.get("columns") != list(kind._fields):
        raise ProofError(say("月报文件的格式不对"), remedy=say("用备份恢复这份文件"))
    return tuple(kind(*line) for line in cast("list[list[Any]]", part["lines"]))  # Any: texts, then counts
