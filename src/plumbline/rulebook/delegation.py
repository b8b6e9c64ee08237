"""What one person may hand to another for a time, and to whom. Leaves who did so to `domain.accounts`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from plumbline.rulebook import rights, roles
from plumbline.rulebook.provenance import Provenance, take_provenance
from plumbline.rulebook.reading import RULEBOOK, Table, known, read_table


@dataclass(frozen=True)
class Delegation:
    """The whole file. most_days: how long at most; the others are codes of rights and of roles."""

    most_days: int
    always: tuple[str, ...]
    never: tuple[str, ...]
    same_role: tuple[str, ...]
    provenance: Provenance


@cache
def load() -> Delegation:
    """Return delegation.toml. Raises InputError naming file, key and remedy."""
    return read_delegation(read_table(RULEBOOK / "delegation.toml"))


def read_delegation(table: Table) -> Delegation:
    """Return the rule of a table laid out as delegation.toml."""
    provenance = take_provenance(table)
    is_right = roles.load().rights.__contains__
    found = Delegation(
        most_days=table.positive("most_days"),
        always=known(table.texts("always"), is_known=is_right, table=table, name="always"),
        never=known(table.texts("never"), is_known=is_right, table=table, name="never"),
        same_role=known(table.texts("same_role"), is_known=roles.exists, table=table, name="same_role"),
        provenance=provenance,
    )
    table.finish()
    return found


def delegable(role: str) -> tuple[str, ...]:
    """Return the rights of a role that its holder may hand to another, in order of their codes."""
    rule = load()
    return tuple(sorted(rights.of_role(role) - set(rule.never) - set(rule.always)))


def carried(role: str, given: frozenset[str]) -> frozenset[str]:
    """Return the rights a delegate has: those given that the role still carries and that may be given, and reading."""
    rule = load()
    held = rights.of_role(role)
    return (given & held - set(rule.never)) | (held & set(rule.always))


def needs_same_role(role: str) -> bool:
    """Tell whether the rights of a role go only to somebody who holds that role too."""
    return role in load().same_role
