"""Values handed in and out of the registers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

ENDED_STATES = ("scrapped", "retired")
INSTRUMENT_STATES = ("in_use", "out_of_use", "sealed", *ENDED_STATES)
STANDARD_LEVELS = ("national", "provincial", "municipal", "county", "enterprise")


@dataclass(frozen=True)
class SiteFacts:
    """A place of an organisation where instruments stand."""

    id: UUID
    owner_id: UUID
    name_zh: str
    name_en: str
    address_zh: str
    address_en: str
    region_code: str
    is_demo: bool


@dataclass(frozen=True)
class SiteEntry:
    """What somebody enters to register a site."""

    owner_id: UUID
    name_zh: str
    region_code: str
    name_en: str = ""
    address_zh: str = ""
    address_en: str = ""
    is_demo: bool = False


@dataclass(frozen=True)
class Placing:
    """Where an instrument goes: a site, and the place on it."""

    site_id: UUID
    place: str = ""


@dataclass(frozen=True)
class Change:
    """Why a row of the registers changes, and the key of the request that asks for it: asked twice, it is done once."""

    reason: str
    request_id: UUID | None = None


@dataclass(frozen=True)
class InstrumentEntry:
    """What somebody enters to register an instrument. The region is that of the site, where there is one."""

    category: str
    name_zh: str
    owner_id: UUID
    site_id: UUID | None = None
    region_code: str = ""
    name_en: str = ""
    model: str = ""
    serial: str = ""
    maker: str = ""
    range_text: str = ""
    accuracy_class: str = ""
    place: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    external_id: str = ""
    acquired_on: date | None = None
    is_demo: bool = False


@dataclass(frozen=True)
class InstrumentFacts:
    """An instrument as other rooms need it. state: one of `INSTRUMENT_STATES`."""

    id: UUID
    identity: str
    lookup_code: str
    category: str
    name_zh: str
    name_en: str
    model: str
    serial: str
    maker: str
    range_text: str
    accuracy_class: str
    owner_id: UUID
    site_id: UUID | None
    region_code: str
    state: str
    place: str
    attributes: Mapping[str, str]
    external_id: str
    acquired_on: date | None
    is_demo: bool

    @property
    def is_in_use(self) -> bool:
        """Tell whether the instrument may be used, so that it may be verified."""
        return self.state == "in_use"

    @property
    def is_ended(self) -> bool:
        """Tell whether the instrument has left the register for good."""
        return self.state in ENDED_STATES


@dataclass(frozen=True)
class InstrumentFilter:
    """Which instruments a list shows: every part given must hold. text: identity, serial or the owner's number."""

    owner_id: UUID | None = None
    region_codes: tuple[str, ...] = ()
    site_id: UUID | None = None
    category: str = ""
    state: str = ""
    text: str = ""


@dataclass(frozen=True)
class InstrumentPage:
    """One page of a list, in order of registration; `next_after` is the key of the next page, None on the last."""

    instruments: tuple[InstrumentFacts, ...]
    next_after: UUID | None


@dataclass(frozen=True)
class StandardEntry:
    """What somebody enters to register a measurement standard. level: national ... enterprise."""

    owner_id: UUID
    code: str
    name_zh: str
    category: str
    level: str
    name_en: str = ""
    custodian_id: UUID | None = None
    is_demo: bool = False


@dataclass(frozen=True)
class StandardCertification:
    """What a certificate of a measurement standard says; both days included; parameters are decimal text."""

    certificate_no: str
    certified_by: str
    valid_from: date
    valid_to: date
    range_text: str = ""
    uncertainty_text: str = ""
    k: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StandardFacts:
    """A measurement standard with what one of its certificates says (the one asked for by day, else the newest)."""

    id: UUID
    owner_id: UUID
    code: str
    name_zh: str
    name_en: str
    category: str
    level: str
    custodian_id: UUID | None
    is_demo: bool
    certificate_no: str
    certified_by: str
    range_text: str
    uncertainty_text: str
    k: str
    parameters: Mapping[str, str]
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class ScopeEntry:
    """What an office grants: which institution may verify which category, where, from when until when."""

    institution_id: UUID
    category: str
    region_code: str
    authorisation_no: str
    valid_from: date
    valid_to: date
    range_text: str = ""
    uncertainty_text: str = ""


@dataclass(frozen=True)
class ScopeFacts:
    """A scope: item, area, range and span; both days included."""

    id: UUID
    institution_id: UUID
    category: str
    region_code: str
    range_text: str
    uncertainty_text: str
    authorisation_no: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class IntakeTarget:
    """What an import of instruments puts on every row whose file does not say: owner, site, area, category."""

    owner_id: UUID
    region_code: str
    site_id: UUID | None = None
    category: str = ""


@dataclass(frozen=True)
class EntryDraft:
    """What somebody writes of an entry of a simple register: values as typed, by field; state "" for the first one."""

    typed: Mapping[str, str]
    valid_from: date
    valid_to: date | None = None
    state: str = ""
    reason: str = ""


@dataclass(frozen=True)
class EntryAct:
    """An act on an entry, from a day on."""

    name: str
    on: date
    reason: str = ""


@dataclass(frozen=True)
class PeriodFacts:
    """What a simple register says of an entry for a span of days, and by whom it was written.

    replaces: the row it corrects; replaced_by: the act by which it no longer stands, None while it does.
    """

    id: UUID
    entry_id: UUID
    number: int
    register: str
    key: str
    title: str
    state: str
    owner_id: UUID | None
    region_code: str
    valid_from: date
    valid_to: date | None
    values: Mapping[str, object]
    replaces_id: UUID | None
    replaced_by: UUID | None
    act: str
    act_id: UUID
    reason: str
    intake: UUID | None
    person_name: str
    role: str
    written_at: datetime

    def holds(self, on: date) -> bool:
        """Tell whether it covers a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class PublicEntry:
    """What everybody may read of an entry of a public register: its public fields alone."""

    number: int
    title: str
    state: str
    region_code: str
    valid_from: date
    valid_to: date | None
    values: Mapping[str, object]


@dataclass(frozen=True)
class EntryIntake:
    """The terms of an import of entries: how far it goes, and since when rows hold that do not say."""

    mode: str
    since: date


class SiteRow(NamedTuple):
    """A site as a load test takes it in: as its table has it, every value as the database reads it."""

    id: str
    owner_id: str
    name_zh: str
    name_en: str
    address_zh: str
    address_en: str
    region_code: str
    is_demo: str
    registered_at: str


class InstrumentRow(NamedTuple):
    """An instrument as a load test takes it in."""

    id: str
    identity: str
    lookup_code: str
    category: str
    name_zh: str
    name_en: str
    model: str
    serial: str
    maker: str
    range_text: str
    accuracy_class: str
    owner_id: str
    site_id: str
    region_code: str
    state: str
    place: str
    attributes: str
    external_id: str
    is_demo: str
    registered_at: str
