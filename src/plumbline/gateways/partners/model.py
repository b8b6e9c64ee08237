"""What an exchange of files with another system is: its records, their columns, and what each is called over there.

Where the other side's interface was not seen, `theirs` is empty and said to be unknown: the format is then ours alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

DAY, CODE, TEXT = "day", "code", "text"
PACKAGE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""How a package is named: the key under which we gave it."""


@dataclass(frozen=True)
class Item:
    """One column. kind: day (YYYY-MM-DD), code (one of `codes`, any where there are none) or text; most: characters.

    theirs: what the other side calls it, empty where that was not seen.
    """

    key: str
    zh: str
    en: str
    kind: str = TEXT
    most: int = 200
    is_required: bool = False
    codes: tuple[str, ...] = ()
    theirs: str = ""


@dataclass(frozen=True)
class Record:
    """A kind of row. key: the item by which an answer names it."""

    name: str
    zh: str
    en: str
    key: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Partner:
    """Another system, and the version of the files we give it."""

    id: str
    zh: str
    en: str
    version: int
    records: tuple[Record, ...]
    by_name: Mapping[str, Record] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {each.name: each for each in self.records})

    @property
    def format(self) -> str:
        """What each row says it is written in."""
        return f"plumbline.{self.id}/{self.version}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of all records, each once, in order."""
        return tuple(dict.fromkeys(item.key for record in self.records for item in record.items))
