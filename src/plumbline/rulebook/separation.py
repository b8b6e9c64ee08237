"""Which duties of one case must be done by different persons. Leaves who did them to the caller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from plumbline.errors import InputError, say
from plumbline.rulebook import roles
from plumbline.rulebook.provenance import Provenance, take_provenance
from plumbline.rulebook.reading import RULEBOOK, Table, known, read_table


@dataclass(frozen=True)
class Separation:
    """In each group every duty needs another person. `region` "" holds for the country."""

    procedure: str
    region: str
    groups: tuple[tuple[str, ...], ...]
    provenance: Provenance

    def conflicts(self, persons: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
        """Return the pairs of duties that one person holds. A duty without a person is no conflict."""
        return tuple(
            (first, second)
            for group in self.groups
            for first, second in combinations(group, 2)
            if persons.get(first) is not None and persons.get(first) == persons.get(second)
        )


def rule(procedure: str, region_codes: Sequence[str] = ()) -> Separation:
    """Return the rule of the first region that has one, from county up to province, else of the country.

    Raises: InputError when the procedure has no rule at all.
    """
    return choose(load(), procedure=procedure, region_codes=region_codes)


def choose(rules: Iterable[Separation], *, procedure: str, region_codes: Sequence[str]) -> Separation:
    """Return the rule among `rules` as `rule` does."""
    listed = tuple(rules)
    for region in (*region_codes, ""):
        for candidate in listed:
            if candidate.procedure == procedure and candidate.region == region:
                return candidate
    raise InputError(say("程序 {procedure} 没有人员分离的规则", procedure=procedure), field="procedure")


@cache
def load() -> tuple[Separation, ...]:
    """Return separation.toml. Raises InputError naming file, key and remedy."""
    return read_separations(read_table(RULEBOOK / "separation.toml"))


def read_separations(table: Table) -> tuple[Separation, ...]:
    """Return the rules of a table laid out as separation.toml."""
    rules = tuple(_rule(row) for row in table.rows("rules"))
    table.finish()
    return rules


def _rule(row: Table) -> Separation:
    groups = row.text_lists("groups")
    known(tuple(duty for group in groups for duty in group), is_known=roles.exists, table=row, name="groups")
    separation = Separation(
        procedure=row.text("procedure"),
        region=row.text_or("region", ""),
        groups=groups,
        provenance=take_provenance(row),
    )
    row.finish()
    return separation
