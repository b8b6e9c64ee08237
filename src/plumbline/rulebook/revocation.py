"""The reasons for which a certificate may be revoked. Leaves who may revoke to `roles`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from plumbline.rulebook.provenance import Provenance, take_provenance
from plumbline.rulebook.reading import RULEBOOK, Table, read_table


@dataclass(frozen=True)
class Reason:
    """One reason; the statement that ends a certificate holds its code."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Reasons:
    """The whole file: the reasons by code in the order offered, and where they come from."""

    reasons: Mapping[str, Reason]
    provenance: Provenance


@cache
def load() -> Reasons:
    """Return revocation.toml. Raises InputError naming file, key and remedy."""
    return read_reasons(read_table(RULEBOOK / "revocation.toml"))


def read_reasons(table: Table) -> Reasons:
    """Return the reasons of a table laid out as revocation.toml."""
    provenance = take_provenance(table)
    reasons = {code: _reason(code, row) for code, row in table.tables("reasons").items()}
    table.finish()
    return Reasons(MappingProxyType(reasons), provenance)


def all_reasons() -> Mapping[str, Reason]:
    """Return every reason by its code."""
    return load().reasons


def _reason(code: str, row: Table) -> Reason:
    reason = Reason(code, row.text("zh"), row.text("en"))
    row.finish()
    return reason
