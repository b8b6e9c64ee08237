"""Values handed in and out of the registers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
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
