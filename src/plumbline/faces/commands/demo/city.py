"""Sets up the demo's city: regions, organisations, people, accounts, scope, measurement standards, stations, nozzles.

The office and its first account are made directly, as on any new installation; everything after by their actions.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from plumbline.domain.accounts import queries as logins
from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.accounts.types import Actor, Grant
from plumbline.domain.directory import actions as directory
from plumbline.domain.directory.types import OrganisationEntry, OrganisationFacts, PersonFacts, QualificationEntry
from plumbline.domain.ledger import actions as ledger
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers.types import (
    InstrumentEntry,
    ScopeEntry,
    SiteEntry,
    SiteFacts,
    StandardCertification,
    StandardEntry,
)
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.faces.commands.demo import plan
from plumbline.faces.commands.demo.acting import Cast, moment

BACK, ON = timedelta(days=800), timedelta(days=700)
ENTRIES = {
    plan.BUREAU: OrganisationEntry(
        uscc=plan.uscc_of(plan.BUREAU), name_zh="示例市市场监督管理局", name_en="Example City Market Regulation Bureau",
        region_code=plan.CITY, institution_code=plan.BUREAU, is_demo=True,
    ),
    plan.INSTITUTE: OrganisationEntry(
        uscc=plan.uscc_of(plan.INSTITUTE), name_zh="示例市计量科学研究院",
        name_en="Example City Institute of Metrology", region_code=plan.CITY,
        address_zh="示例路 1 号", address_en="1 Example Road", postcode="000000",
        phone="000-00000000", mail="desk@example.invalid", institution_code=plan.INSTITUTE,
        authorisation_no="（示例）法计授字第 000 号", is_demo=True,
    ),
}  # fmt: skip


def build(today: date) -> None:
    """Set the city up, once: all of it or nothing."""
    with scoped(EVERYTHING):
        if logins.has_account(plan.ACCOUNTS[-1].username):
            return
        at = moment(today - BACK, 9)
        directory.load_regions(at)
        bureau = directory.register_organisation(ENTRIES[plan.BUREAU], at=at)
        official = plan.ACCOUNTS[0]
        person = directory.register_person(bureau.id, name_zh=official.person_zh, name_en=official.person_en, at=at)
        _open(official, person, organisation=bureau, today=today)
        cast = Cast(today)
        bodies = _organisations(cast, bureau, at=at)
        _accounts(cast, bodies, today=today)
        _authority(cast, bodies, today=today)
        _stations(cast, bodies, today=today)


def _open(account: plan.Account, person: PersonFacts, *, organisation: OrganisationFacts, today: date) -> None:
    at = moment(today - BACK, 9)
    login = account.username, plan.PASSWORD
    user_id = registers.open_account(SYSTEM, person, login=login, at=at, is_demo=True)
    grant = Grant(organisation.id, account.role, today - BACK, account.region)
    registers.give_role(SYSTEM, user_id, grant=grant, at=at)


def _organisations(cast: Cast, bureau: OrganisationFacts, *, at: datetime) -> dict[str, OrganisationFacts]:
    entries = {plan.INSTITUTE: ENTRIES[plan.INSTITUTE]}
    for key, name_zh, name_en in plan.COMPANIES:
        entries[key] = OrganisationEntry(
            uscc=plan.uscc_of(key), name_zh=name_zh, name_en=name_en, region_code=plan.CITY, address_zh="示例路",
            address_en="Example Road", is_demo=True,
        )  # fmt: skip
    official = cast.actor("bureau")
    found = {key: registers.register_organisation(official, entry, at=at) for key, entry in entries.items()}
    return {plan.BUREAU: bureau, **found}


def _accounts(cast: Cast, bodies: Mapping[str, OrganisationFacts], *, today: date) -> None:
    at = moment(today - BACK, 10)
    official = cast.actor("bureau")
    for account in plan.ACCOUNTS[1:]:
        body = bodies[account.organisation]
        person = registers.register_person(
            official, body.id, name_zh=account.person_zh, name_en=account.person_en, at=at
        )
        _open(account, person, organisation=body, today=today)


def _authority(cast: Cast, bodies: Mapping[str, OrganisationFacts], *, today: date) -> None:
    """Grant the scope, the qualifications and certify the measures; log the keys of the log and of the two bodies."""
    at, institute, official = moment(today - BACK, 11), bodies[plan.INSTITUTE], cast.actor("bureau")
    span = {"valid_from": today - BACK, "valid_to": today + ON}
    ledger.announce_log_key(span=(today - BACK, today + ON), demo=True, at=at)
    for body in (bodies[plan.BUREAU], institute):
        registers.attest_body_key(official, body.id, **span, at=at)
    registers.grant_scope(
        official,
        ScopeEntry(
            institute.id, plan.CATEGORY, plan.CITY, "（示例）授权 001", **span, range_text="(5~60) L/min",
            uncertainty_text="U = 0.06 %, k = 2",
        ),
        at=at,
    )  # fmt: skip
    for number, (username, until) in enumerate((("verifier", today + ON), ("verifier2", today - timedelta(days=10)))):
        entry = QualificationEntry(
            cast.actor(username).person_id, institute.id, plan.CATEGORY, f"（示例）资格 {number + 1:03d}",
            today - BACK, until,
        )  # fmt: skip
        registers.grant_qualification(official, entry, at=at)
    _measures(cast, institute, today=today)


def _measures(cast: Cast, institute: OrganisationFacts, *, today: date) -> None:
    """Two measures certified through the whole story, and one whose certificate has ended, so that it is refused."""
    keeper = cast.actor("keeper")
    for number in (1, 2, 3):
        years = ((800, 436), (435, 71), (70, -294)) if number < 3 else ((800, 436), (435, 20))
        for turn, (back, until) in enumerate(years):
            certification = StandardCertification(
                certificate_no=f"（示例）V20-{number:02d}-{turn + 1}", certified_by="示例省计量科学研究院",
                valid_from=today - timedelta(days=back), valid_to=today - timedelta(days=until),
                range_text="20 L", uncertainty_text="U = 5 mL (0.025 %), k = 2", k="2", parameters=plan.MEASURE,
            )  # fmt: skip
            at = moment(today - timedelta(days=back), 14)
            if turn == 0:
                entry = StandardEntry(
                    institute.id, f"DEMO-V20-{number:02d}", "标准金属量器 20 L", plan.CATEGORY, "municipal",
                    "Metal volumetric measure 20 L", keeper.person_id, is_demo=True,
                )  # fmt: skip
                made = registers.register_standard(keeper, entry, certification=certification, at=at)
            else:
                registers.certify_standard(keeper, made.id, certification=certification, at=at)


def _stations(cast: Cast, bodies: Mapping[str, OrganisationFacts], *, today: date) -> None:
    at, official = moment(today - BACK, 15), cast.actor("bureau")
    for station in plan.stations():
        owner = bodies[station.company]
        entry = SiteEntry(
            owner.id, station.name_zh, station.region_code, station.name_en, f"示例路 {station.key}",
            f"Example Road {station.key}", is_demo=True,
        )  # fmt: skip
        site = registers.register_site(official, entry, at=at)
        for nozzle in station.nozzles:
            _nozzle(official, site, nozzle=nozzle, at=at)


def _nozzle(official: Actor, site: SiteFacts, *, nozzle: plan.Nozzle, at: datetime) -> None:
    entry = InstrumentEntry(
        category=plan.CATEGORY, name_zh="燃油加油机（油枪）", name_en="Fuel dispenser (nozzle)", owner_id=site.owner_id,
        site_id=site.id, model=nozzle.model, serial=nozzle.serial, maker=nozzle.maker, range_text="(5~60) L/min",
        accuracy_class="±0.30 %", place=nozzle.place, attributes={"liquid": nozzle.liquid}, external_id=nozzle.key,
        is_demo=True,
    )  # fmt: skip
    registers.register_instrument(official, entry, at=at)
