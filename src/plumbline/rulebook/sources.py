"""The sources that rules cite by number: what was seen, where, and whether the page is good enough to be linked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from plumbline.errors import InputError, say
from plumbline.rulebook.reading import RULEBOOK, Table, read_table


@dataclass(frozen=True)
class Source:
    """One source. `urls` is empty where the page was a scraped copy, seen but not to be linked (`is_weak`)."""

    id: str
    zh: str
    en: str
    urls: tuple[str, ...]
    is_weak: bool

    def __str__(self) -> str:
        return f"{self.id} {self.zh}"


@cache
def all_sources() -> Mapping[str, Source]:
    """Return every source by its id, in the order of the file."""
    table = read_table(RULEBOOK / "sources.toml")
    return MappingProxyType({name: _source(name, table.table(name)) for name in table.names()})


def exists(source_id: str) -> bool:
    """Tell whether a source of that id is listed."""
    return source_id in all_sources()


def by_id(source_id: str) -> Source:
    """Return one source. Raises InputError when the id is not listed."""
    if source_id not in all_sources():
        raise InputError(
            say("没有编号为 {id} 的出处", id=source_id), remedy=say("查看 sources.toml 中的编号"), field="source"
        )
    return all_sources()[source_id]


def _source(source_id: str, table: Table) -> Source:
    source = Source(source_id, table.text("zh"), table.text("en"), table.texts("urls"), table.flag("weak"))
    table.finish()
    return source
