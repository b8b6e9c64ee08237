"""The verification regulations: one TOML file an edition. `in_force(category, day)` answers which one applies.

The judgement itself is in `task` (observations to an evaluation) and `record` (evaluation to decimal text).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from plumbline.errors import InputError, RuleError, say
from plumbline.rulebook import catalogue
from plumbline.rulebook.reading import read_table
from plumbline.rulebook.regulations.loader import read_regulation
from plumbline.rulebook.regulations.model import Regulation

__all__ = [
    "Regulation",
    "all_regulations",
    "by_id",
    "check_overlaps",
    "digest",
    "has_method",
    "in_force",
    "of_category",
]


@cache
def all_regulations() -> Mapping[str, Regulation]:
    """Return every edition by its id. A file that is not sound raises InputError naming file, key and remedy."""
    found = [regulation for regulation, _digest in _loaded()]
    check_overlaps(found)
    return MappingProxyType({regulation.id: regulation for regulation in found})


@cache
def _loaded() -> tuple[tuple[Regulation, str], ...]:
    files = sorted(Path(__file__).resolve().parent.glob("*.toml"))
    return tuple((read_regulation(read_table(path)), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files)


def digest(regulation_id: str) -> str:
    """Return the SHA-256 of the file of an edition, hexadecimal. Raises InputError when there is none of that id."""
    by_id(regulation_id)
    return next(found for regulation, found in _loaded() if regulation.id == regulation_id)


def of_category(category: str) -> tuple[Regulation, ...]:
    """Return the editions of a category, the oldest first."""
    found = (regulation for regulation in all_regulations().values() if regulation.category == category)
    return tuple(sorted(found, key=lambda regulation: regulation.period.used_from))


def has_method(category: str) -> bool:
    """Tell whether there is any edition for a category of the catalogue; outside it nobody looks for one."""
    return category == catalogue.OUTSIDE or bool(of_category(category))


def in_force(category: str, on: date) -> Regulation:
    """Return the edition used on a day. Raises RuleError when none is known for that category on that day."""
    for regulation in of_category(category):
        if regulation.period.has(on):
            return regulation
    if not of_category(category):
        raise RuleError(
            say("类别 {category} 还没有检定规程数据", category=category),
            remedy=say("先在规则库中加入这个类别的规程"),
            field="category",
        )
    raise RuleError(
        say("{day} 没有已知的现行规程（类别 {category}）", day=on.isoformat(), category=category),
        remedy=say("检查检定日期，或补充那时的规程版本"),
        field="performed_on",
    )


def by_id(regulation_id: str) -> Regulation:
    """Return one edition. Raises InputError when there is none of that id."""
    if regulation_id not in all_regulations():
        raise InputError(
            say("没有编号为 {id} 的规程", id=regulation_id),
            remedy=say("写成其中之一：{allowed}", allowed="、".join(all_regulations())),
            field="regulation",
        )
    return all_regulations()[regulation_id]


def check_overlaps(regulations: Iterable[Regulation]) -> None:
    """Refuse two editions of one category that are in force on the same day."""
    ordered = sorted(regulations, key=lambda regulation: (regulation.category, regulation.period.used_from))
    for earlier, later in pairwise(ordered):
        if earlier.category == later.category and earlier.period.has(later.period.used_from):
            raise InputError(
                say("规程 {earlier} 与 {later} 的有效期重叠", earlier=earlier.id, later=later.id),
                where=say("规则文件 {file}，键 {key}", file=f"{earlier.id.lower()}.toml", key="valid_to"),
                remedy=say("给较早的版本写上截止日期"),
                field="valid_to",
            )
