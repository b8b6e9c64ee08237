"""Legal time limits by procedure, place and region: how many days, of which kind, from which act.

Leaves the dates of the acts to `domain.cases`. A limit that nobody set is None, never a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from plumbline.rulebook import calendar
from plumbline.rulebook.provenance import Provenance, take_provenance
from plumbline.rulebook.reading import RULEBOOK, Table, read_table

KINDS = ("working", "calendar")
PLACES = ("sent_in", "on_site")


@dataclass(frozen=True)
class Deadline:
    """One limit: `days` of `kind` ("working" or "calendar") after the last of the acts `starts_with`."""

    procedure: str
    place: str
    region: str
    days: int
    kind: str
    starts_with: tuple[str, ...]
    provenance: Provenance

    def last_day(self, start: date) -> date | None:
        """Return the last day of the limit; the start day is not counted. None when the calendar is not known."""
        if self.kind == "working":
            return calendar.add_working_days(start, self.days)
        return start + timedelta(days=self.days)

    def days_used(self, *, start: date, today: date) -> int | None:
        """Return the days counted so far (day 0 is the start day); None when the calendar is not known."""
        if self.kind == "working":
            return calendar.working_days_between(start, today)
        return (today - start).days


def limit(procedure: str, *, place: str, region_codes: Sequence[str]) -> Deadline | None:
    """Return the limit of the first region that has one; `region_codes` go from the county up to the province.

    Returns None when none of the regions sets a limit. Source: deadlines.toml, each limit with its clause.
    """
    for region in region_codes:
        for deadline in load():
            if (deadline.procedure, deadline.place, deadline.region) == (procedure, place, region):
                return deadline
    return None


def starting_acts(procedure: str) -> frozenset[str]:
    """Return the acts that start a limit of that procedure anywhere."""
    return frozenset(act for deadline in load() if deadline.procedure == procedure for act in deadline.starts_with)


@cache
def load() -> tuple[Deadline, ...]:
    """Return deadlines.toml. Raises InputError naming file, key and remedy."""
    return read_deadlines(read_table(RULEBOOK / "deadlines.toml"))


def read_deadlines(table: Table) -> tuple[Deadline, ...]:
    """Return the limits of a table laid out as deadlines.toml."""
    deadlines = tuple(_deadline(row) for row in table.rows("limits"))
    table.finish()
    return deadlines


def _deadline(row: Table) -> Deadline:
    deadline = Deadline(
        procedure=row.text("procedure"),
        place=row.choice("place", PLACES),
        region=row.text("region"),
        days=row.positive("days"),
        kind=row.choice("kind", KINDS),
        starts_with=row.some_texts("starts_with"),
        provenance=take_provenance(row),
    )
    row.finish()
    return deadline
