"""The kinds of instruments under mandatory control, and one for everything outside the catalogue.

Answers what kind an instrument is, how it is controlled and how long a verification lasts at most. Limits and methods
are in `regulations`. Each row says which of its parts were seen in a source (`verified`); the rest is from memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from plumbline.errors import InputError, say
from plumbline.rulebook import sources
from plumbline.rulebook.provenance import Provenance, take_provenance
from plumbline.rulebook.reading import RULEBOOK, Table, known, read_table

OUTSIDE = "OUTSIDE"
CONTROLS = ("P", "V", "P+V", "none")
MODES = ("periodic", "first_replace", "first_scrap", "none")
USES = ("trade", "medical", "safety", "environment", "enforcement", "component", "other")
PARTS = ("name", "mode", "scope", "cycle", "regulation", "start")


@dataclass(frozen=True)
class Category:
    """One kind. control: P = type approval, V = verification; mode: how verified; cycle in months, None = unknown."""

    code: str
    level1_zh: str
    zh: str
    en: str
    control: str
    mode: str
    scope: str
    regulations: tuple[str, ...]
    cycle_months: int | None
    use: str
    verified: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def is_verified_periodically(self) -> bool:
        """Tell whether an instrument of this kind falls due again and again."""
        return self.mode == "periodic"

    def status_of(self, part: str) -> str:
        """Return "verified" or "from memory" for one part: name, mode, scope, cycle, regulation, start."""
        return "verified" if part in self.verified else "from memory"


@dataclass(frozen=True)
class Catalogue:
    """The whole file."""

    categories: Mapping[str, Category]
    provenance: Provenance


def categories() -> Mapping[str, Category]:
    """Return every category by its code, in the order of the file; OUTSIDE is the last."""
    return load().categories


def exists(code: str) -> bool:
    """Tell whether a category of that code is known."""
    return code in categories()


def by_code(code: str) -> Category:
    """Return one category. Raises InputError when there is none of that code."""
    if not exists(code):
        raise InputError(
            say("没有代码为 {code} 的器具类别", code=code),
            remedy=say("从目录中选择类别；不在目录内的写 OUTSIDE"),
            field="category",
        )
    return categories()[code]


@cache
def load() -> Catalogue:
    """Return catalogue.toml. Raises InputError naming file, key and remedy."""
    return read_catalogue(read_table(RULEBOOK / "catalogue.toml"))


def read_catalogue(table: Table) -> Catalogue:
    """Return the catalogue of a table laid out as catalogue.toml."""
    provenance = take_provenance(table)
    rows = {code: _category(code, row) for code, row in table.tables("categories").items()}
    table.finish()
    return Catalogue(MappingProxyType(rows), provenance)


def _category(code: str, row: Table) -> Category:
    category = Category(
        code=code,
        level1_zh=row.text("level1_zh"),
        zh=row.text("zh"),
        en=row.text("en"),
        control=row.choice("control", CONTROLS),
        mode=row.choice("mode", MODES),
        scope=row.text_or("scope", ""),
        regulations=row.texts("regulations"),
        cycle_months=row.positive("cycle_months") if row.has("cycle_months") else None,
        use=row.choice("use", USES),
        verified=known(row.texts("verified"), is_known=PARTS.__contains__, table=row, name="verified"),
        sources=known(row.texts("source"), is_known=sources.exists, table=row, name="source"),
    )
    row.finish()
    if category.verified and not category.sources:
        what = say("规则文件 {file} 的 {key} 标为已见出处却没有写出处", file=row.file, key=row.path("source"))
        raise row.fault(what, "source", remedy=say("写出 sources.toml 中的出处编号，或删去 verified"))
    return category
