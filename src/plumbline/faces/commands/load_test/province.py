"""Sets up what a load test stands on: regions, an office, an institute in each prefecture with its people and scopes.

Made by the actions that clicks call, once, like the demo's city. The first owner has a login too, so that somebody can
look at the rows as each kind of reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from plumbline.domain.accounts import queries as logins
from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.accounts.types import DEMO_PASSWORD, Actor, Grant
from plumbline.domain.directory import actions as directory
from plumbline.domain.directory import queries as known
from plumbline.domain.directory.types import OrganisationEntry, OrganisationFacts, PersonFacts
from plumbline.domain.ledger import actions as ledger
from plumbline.domain.ledger import queries as log
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers.types import ScopeEntry
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.faces.commands.demo.acting import Cast, moment
from plumbline.faces.commands.load_test.holdings import NOBODY, Holdings
from plumbline.faces.commands.load_test.plan import KINDS, Plan, credit_code
from plumbline.faces.commands.load_test.story import Body

BACK, ON = timedelta(days=1200), timedelta(days=700)
OFFICE, OFFICIAL = "LT-OFFICE", "load-office"
"""The office's institution code, and the account that sets everything up."""
DUTIES = {
    "reception": ("institute_reception", "示例受理员"), "verifier": ("verifier", "示例检定员"),
    "checker": ("checker", "示例核验员"), "approver": ("approver", "示例批准人"),
}  # fmt: skip
FIRST_FREE = 9_000_000
"""Numbers of credit codes from here on are those of bodies."""


@dataclass(frozen=True)
class Office:
    """An account of the office: its name, its person, role and area."""

    username: str
    person: str
    role: str
    region: str


def build(plan: Plan) -> None:
    """Set up the office, its accounts and the institutes, once: all of it or nothing."""
    with scoped(EVERYTHING):
        if logins.has_account(OFFICIAL):
            return
        at, span = moment(plan.day - BACK, 9), (plan.day - BACK, plan.day + ON)
        directory.load_regions(at)
        known.forget_divisions()
        office = directory.register_organisation(_office(plan), at=at)
        if not log.statements_of_type("key.added"):
            ledger.announce_log_key(span=span, demo=True, at=at)
        for account in _accounts(plan):
            person = directory.register_person(office.id, name_zh=account.person, at=at)
            _open(
                account.username,
                person,
                grant=Grant(office.id, account.role, plan.day - BACK, account.region),
                plan=plan,
            )
        official = Cast(plan.day).actor(OFFICIAL)
        registers.attest_body_key(official, office.id, valid_from=span[0], valid_to=span[1], at=at)
        for number, prefecture in enumerate(plan.prefectures):
            _institute(plan, official, number=number, prefecture=prefecture)


def open_owner(plan: Plan, holdings: Holdings) -> None:
    """Open a login for the person of the first owner, once."""
    with scoped(EVERYTHING):
        if logins.has_account("load-owner"):
            return
        person = known.person(UUID(holdings.person_key(0)))
        grant = Grant(UUID(holdings.owner_key(0)), "enterprise", plan.day - BACK)
        _open("load-owner", person, grant=grant, plan=plan)


def bodies(plan: Plan) -> dict[str, Body]:
    """Return the institutes by the code of their prefecture, as they were set up."""
    return {prefecture: _body(known.institution(_code(prefecture)), prefecture) for prefecture in plan.prefectures}


def _body(institute: OrganisationFacts, prefecture: str) -> Body:
    people = {each.name_zh: each for each in known.people_of(institute.id, most=len(DUTIES))}
    return Body(
        institute.id.hex,
        institute.name_zh,
        {duty: _person(people[f"{name}{prefecture}"]) for duty, (_role, name) in DUTIES.items()},
    )


def _person(person: PersonFacts) -> tuple[str, str, str]:
    return person.id.hex, person.name_zh, NOBODY


def _office(plan: Plan) -> OrganisationEntry:
    return OrganisationEntry(
        uscc=credit_code(plan.province, FIRST_FREE), name_zh="示例市场监督管理局（压力测试）",
        name_en="Example Market Regulation Office (load test)", region_code=plan.province, institution_code=OFFICE,
        is_demo=True,
    )  # fmt: skip


def _accounts(plan: Plan) -> tuple[Office, ...]:
    county, prefecture = plan.county_of_owner(0)
    return (
        Office(OFFICIAL, "示例登记人员", "city_metrology", plan.province),
        Office("load-province", "示例省局人员", "province_metrology", plan.province),
        Office("load-city", "示例市局人员", "city_metrology", prefecture),
        Office("load-county", "示例县局人员", "county_market", county),
    )


def _open(username: str, person: PersonFacts, *, grant: Grant, plan: Plan) -> None:
    at = moment(plan.day - BACK, 9)
    user_id = registers.open_account(SYSTEM, person, login=(username, DEMO_PASSWORD), at=at, is_demo=True)
    registers.give_role(SYSTEM, user_id, grant=grant, at=at)


def _institute(plan: Plan, official: Actor, *, number: int, prefecture: str) -> None:
    """Register an institute with its people and scopes; the first one's people have logins."""
    at = moment(plan.day - BACK, 10)
    entry = OrganisationEntry(
        uscc=credit_code(prefecture, FIRST_FREE + 1 + number), name_zh=f"示例计量院{number + 1:02d}（压力测试）",
        name_en=f"Example Institute {number + 1:02d} (load test)", region_code=prefecture,
        institution_code=_code(prefecture), is_demo=True,
    )  # fmt: skip
    institute = directory.register_organisation(entry, at=at)
    for duty, (role, name) in DUTIES.items():
        person = directory.register_person(institute.id, name_zh=f"{name}{prefecture}", at=at)
        if prefecture == plan.county_of_owner(0)[1]:
            _open(f"load-{duty}", person, grant=Grant(institute.id, role, plan.day - BACK), plan=plan)
    for kind in KINDS:
        scope = ScopeEntry(
            institute.id, kind.category, prefecture, f"（示例）授权 {prefecture}", plan.day - BACK, plan.day + ON,
            range_text=kind.range_text,
        )  # fmt: skip
        registers.grant_scope(official, scope, at=at)


def _code(prefecture: str) -> str:
    return f"LT{prefecture}"
