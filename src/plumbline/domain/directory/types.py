"""Values handed out by the directory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID


@dataclass(frozen=True)
class PersonFacts:
    """A person as other rooms need it."""

    id: UUID
    organisation_id: UUID
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class QualificationFacts:
    """A qualification: who, for which item, at which institution, from when until when (both days included)."""

    id: UUID
    person_id: UUID
    institution_id: UUID
    category: str
    number: str
    valid_from: date
    valid_to: date

    def covers(self, category: str, on: date) -> bool:
        """Tell whether it holds for an item on a day."""
        return self.category == category and self.valid_from <= on <= self.valid_to


@dataclass(frozen=True)
class QualificationEntry:
    """What somebody enters to grant a qualification; both days included."""

    person_id: UUID
    institution_id: UUID
    category: str
    number: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class OrganisationEntry:
    """What somebody enters to register an organisation. Texts as typed; `institution_code` only for institutes."""

    uscc: str
    name_zh: str
    region_code: str
    name_en: str = ""
    address_zh: str = ""
    address_en: str = ""
    postcode: str = ""
    phone: str = ""
    mail: str = ""
    institution_code: str = ""
    authorisation_no: str = ""
    is_demo: bool = False


@dataclass(frozen=True)
class OrganisationFacts:
    """An organisation as other rooms and documents need it. `warnings` are keys of the directory's rules."""

    id: UUID
    uscc: str
    name_zh: str
    name_en: str
    region_code: str
    address_zh: str
    address_en: str
    postcode: str
    phone: str
    mail: str
    institution_code: str
    authorisation_no: str
    is_demo: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class RegionFacts:
    """One division under one name. `successor_code` is empty where no single successor is known."""

    code: str
    level: int
    name: str
    parent_code: str
    is_current: bool
    successor_code: str
    first_edition: str
    last_edition: str


@dataclass(frozen=True)
class SuccessionFacts:
    """Where territory of a code went: `share` is "all" or "part"; day and year only where a source told them."""

    predecessor_code: str
    successor_code: str
    share: str
    zh: str
    en: str
    year: int | None
    day: date | None
    source: str


class OrganisationRow(NamedTuple):
    """An organisation as a load test takes it in: as its table has it, every value as the database reads it."""

    id: str
    uscc: str
    name_zh: str
    name_en: str
    region_code: str
    address_zh: str
    address_en: str
    postcode: str
    phone: str
    mail: str
    authorisation_no: str
    is_demo: str
    warnings: str
    registered_at: str


class PersonRow(NamedTuple):
    """A person as a load test takes them in."""

    id: str
    organisation_id: str
    name_zh: str
    name_en: str
    registered_at: str
