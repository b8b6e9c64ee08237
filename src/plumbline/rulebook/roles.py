"""The roles people play and the rights each has. Rights given by the acts of a procedure are in `rights`.

Leaves who plays a role, for which organisation and region, to `domain.accounts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from plumbline.errors import InputError, say
from plumbline.rulebook.provenance import Provenance, take_provenance
from plumbline.rulebook.reading import RULEBOOK, Table, known, read_table

LEVELS = ("province", "prefecture", "county")
"""Levels of regions, from the highest; in the numbers of the directory 1, 2, 3."""
REACHES = ("own", "institution", "region", "everything", "public")


@dataclass(frozen=True)
class Right:
    """One right that is not an act of a procedure, as register.edit."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Role:
    """One role. `reach` says whose records it sees; `may` are right codes; `rule_zh/en` say it in a sentence.

    supervises: the level of regions in which whoever holds it sees that limits are kept, "" for none.
    """

    code: str
    zh: str
    en: str
    reach: str
    may: tuple[str, ...]
    rule_zh: str
    rule_en: str
    supervises: str = ""


@dataclass(frozen=True)
class Roles:
    """The whole file: rights and roles by code, and where the arrangement comes from."""

    rights: Mapping[str, Right]
    roles: Mapping[str, Role]
    provenance: Provenance


@cache
def load() -> Roles:
    """Return roles.toml. Raises InputError naming file, key and remedy."""
    return read_roles(read_table(RULEBOOK / "roles.toml"))


def read_roles(table: Table) -> Roles:
    """Return the roles of a table laid out as roles.toml."""
    provenance = take_provenance(table)
    rights = {code: _right(code, row) for code, row in table.tables("rights").items()}
    roles = {code: _role(code, row, rights=rights) for code, row in table.tables("roles").items()}
    table.finish()
    return Roles(MappingProxyType(rights), MappingProxyType(roles), provenance)


def all_roles() -> Mapping[str, Role]:
    """Return every role by its code."""
    return load().roles


def exists(code: str) -> bool:
    """Tell whether a role of that code is known."""
    return code in load().roles


def by_code(code: str) -> Role:
    """Return one role. Raises InputError when the code is not known."""
    if not exists(code):
        raise InputError(
            say("没有代码为 {code} 的角色", code=code), remedy=say("查看 roles.toml 中的角色"), field="role"
        )
    return load().roles[code]


def supervising(level: int) -> str:
    """Return the role that sees in regions of a level that limits are kept, "" where none does."""
    wanted = LEVELS[level - 1]
    return next((each.code for each in all_roles().values() if each.supervises == wanted), "")


def _right(code: str, row: Table) -> Right:
    right = Right(code, row.text("zh"), row.text("en"))
    row.finish()
    return right


def _role(code: str, row: Table, *, rights: Mapping[str, Right]) -> Role:
    may = known(row.texts("may"), is_known=rights.__contains__, table=row, name="may")
    role = Role(
        code=code,
        zh=row.text("zh"),
        en=row.text("en"),
        reach=row.choice("reach", REACHES),
        may=may,
        rule_zh=row.text("rule_zh"),
        rule_en=row.text("rule_en"),
        supervises=row.choice("supervises", LEVELS) if row.has("supervises") else "",
    )
    row.finish()
    return role
