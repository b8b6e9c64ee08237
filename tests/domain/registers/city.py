"""A small invented city for tests: one office, one institute, one company, made by the product's own actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from plumbline.domain.accounts import actions as accounts
from plumbline.domain.accounts.queries import SYSTEM, actor_of
from plumbline.domain.accounts.types import Actor, Grant
from plumbline.domain.directory import actions as directory
from plumbline.domain.directory import queries as known
from plumbline.domain.directory.types import OrganisationEntry, OrganisationFacts
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers.types import InstrumentEntry, InstrumentFacts, SiteEntry, SiteFacts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.world import PASSWORD

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
DAY = date(2026, 11, 20)
FUEL = "MV-FUEL"
OFFICE, RECEPTION, KEEPER, OWNER = "office", "reception", "keeper", "owner"


@dataclass(frozen=True)
class City:
    """The organisations of the city; actors are asked by account."""

    bureau: OrganisationFacts
    institute: OrganisationFacts
    company: OrganisationFacts

    def actor(self, username: str) -> Actor:
        """Return the actor of an account."""
        return actor_of(username, on=DAY)


def credit_code(number: int, *, kind: str = "91", region: str = "330305") -> str:
    """Return an invented code with a right check digit."""
    first = f"{kind}{region}{number:09d}"
    return first + known.check_digit(first)


def build() -> City:
    """Make the city: regions, three organisations, four accounts."""
    with scoped(EVERYTHING):
        directory.load_regions(AT)
        bureau = _organisation(11, "示例市市场监督管理局", region="330300", code="DEMO0")
        institute = _organisation(12, "示例市计量院", region="330300", code="DEMO1")
        company = _organisation(13, "示例石油公司", region="330305")
        _account(OFFICE, bureau, "city_metrology", "330300")
        _account(RECEPTION, institute, "institute_reception", "")
        _account(KEEPER, institute, "standard_owner", "")
        _account(OWNER, company, "enterprise", "")
    return City(bureau, institute, company)


def another_company(number: int = 14, region: str = "330302") -> OrganisationFacts:
    """Register one more company, in Lucheng unless told otherwise."""
    with scoped(EVERYTHING):
        return _organisation(number, f"示例公司 {number}", region=region)


def site_of(city: City, owner: OrganisationFacts, name: str = "示例加油站", *, region: str = "330305") -> SiteFacts:
    """Register a site by the office."""
    office = city.actor(OFFICE)
    with scoped(office.scope):
        return registers.register_site(office, SiteEntry(owner.id, name, region), at=AT)


def nozzle_at(city: City, site: SiteFacts, serial: str = "N-1", *, external_id: str = "") -> InstrumentFacts:
    """Register a nozzle by the office."""
    office = city.actor(OFFICE)
    entry = InstrumentEntry(
        FUEL, "燃油加油机（油枪）", site.owner_id, site.id, serial=serial, maker="示例厂", model="M1",
        external_id=external_id, attributes={"liquid": "petrol"},
    )  # fmt: skip
    with scoped(office.scope):
        return registers.register_instrument(office, entry, at=AT)


def person_of(city: City, organisation_id: UUID, name: str = "示例员") -> UUID:
    """Register a person by the office."""
    office = city.actor(OFFICE)
    with scoped(office.scope):
        return registers.register_person(office, organisation_id, name_zh=name, at=AT).id


def _organisation(number: int, name: str, *, region: str, code: str = "") -> OrganisationFacts:
    entry = OrganisationEntry(credit_code(number, region=region), name, region, institution_code=code, is_demo=True)
    return directory.register_organisation(entry, at=AT)


def _account(username: str, organisation: OrganisationFacts, role: str, region: str) -> None:
    person = directory.register_person(organisation.id, name_zh=f"示例{username}", at=AT)
    user_id = accounts.open_account(SYSTEM, person, username=username, password=PASSWORD)
    grant = Grant(organisation.id, role, date(2020, 1, 1), region)
    accounts.give_role(SYSTEM, user_id, grant=grant)
