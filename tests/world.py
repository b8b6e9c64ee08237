"""A small world for tests: an office, an institute with its people, a company with a station of four nozzles.

Built once a worker by the product's own actions, then copied for each test with its data folder.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import TypeVar, cast
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connections

from plumbline.config.postgres import make_database
from plumbline.domain.accounts import actions as accounts
from plumbline.domain.accounts import queries as logins
from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.accounts.types import Actor, Grant
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.directory import actions as directory
from plumbline.domain.directory.queries import check_digit
from plumbline.domain.directory.types import OrganisationEntry, QualificationEntry
from plumbline.domain.laboratory import queries as jobs
from plumbline.domain.laboratory.types import Measurement
from plumbline.domain.ledger import actions as ledger
from plumbline.domain.ledger import queries as log
from plumbline.domain.ledger import sequencer
from plumbline.domain.procedures import actions as procedures
from plumbline.domain.procedures import verification
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers import queries as kept
from plumbline.domain.registers.types import (
    InstrumentEntry,
    InstrumentFacts,
    InstrumentFilter,
    ScopeEntry,
    SiteEntry,
    StandardCertification,
    StandardEntry,
)
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.rulebook import roles

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 20)
CITY, COUNTY = "330300", "330302"
FROM, UNTIL = date(2020, 1, 1), date(2030, 12, 31)
PASSWORD = "a test wants no secret"
PATIENCE_S = 20
PARTS = ("keys", "log", "files")
MEASURE = {
    "nominal_volume_l": "20", "neck_zero_mm": "69", "ml_per_mm": "2", "material": "stainless steel", "U_ml": "5",
    "k": "2",
}  # fmt: skip
PEOPLE = (
    ("reception", "institute", "institute_reception"),
    ("verifier", "institute", "verifier"),
    ("verifier2", "institute", "verifier"),
    ("checker", "institute", "checker"),
    ("approver", "institute", "approver"),
    ("keeper", "institute", "standard_owner"),
    ("owner", "company", "enterprise"),
    ("stranger", "other", "enterprise"),
    ("auditor", "bureau", "auditor"),
    ("county", "bureau", "county_market"),
    ("quality", "institute", "quality_manager"),
    ("official", "bureau", "city_metrology"),
    ("examiner", "bureau", "standard_examiner"),
)
T = TypeVar("T")
W = TypeVar("W", bound="World")


def moment(day: date = TODAY, hour: int = 10) -> datetime:
    """Return a moment of a legal day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def uscc(number: int) -> str:
    """Return an invented credit code with a right check digit."""
    body = f"91{CITY}TEST{number:04d}X".replace("S", "5")
    return body + check_digit(body)


def readings(error_percent: float = 0.1, *, checks: str = "ok", liquid: str = "petrol") -> dict[str, object]:
    """Return complete observations under JJG 443-2023 whose errors are about `error_percent`, at 20 C throughout."""
    in_measure = 20.0 / (1 + error_percent / 100)
    runs = [
        {"v_j_l": "20.00", "neck_mm": f"{69 + (in_measure - 20) * 500 + step:.1f}", "t_j_c": "20.0", "t_b_c": "20.0"}
        for step in (0.0, 0.5, -0.5)
    ]
    codes = (
        "seals", "type_codes", "self_lock", "software_version", "no_shared_transducer", "reset_zero", "amount",
    )  # fmt: skip
    return {
        "environment": {"temperature_c": "20.0", "humidity_percent": "50"},
        "choices": {"liquid": liquid},
        "points": [{"code": code, "flow_l_per_min": "45", "runs": runs} for code in ("q1", "q2")],
        "checks": dict.fromkeys(codes, checks),
        "remarks": "",
    }


@dataclass
class World:
    """The small world: its organisations by key, and its people as actors."""

    organisations: Mapping[str, UUID]
    standard_id: UUID
    actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, username: str) -> Actor:
        """Return who acts under an account today."""
        if username not in self.actors:
            with scoped(EVERYTHING):
                self.actors[username] = logins.actor_of(username, on=TODAY)
        return self.actors[username]

    def do(self, username: str, step: Callable[[Actor], T]) -> T:
        """Do a step as an account, in a transaction that sees what the account sees."""
        actor = self.actor(username)
        with scoped(actor.scope):
            return step(actor)

    def nozzles(self) -> tuple[InstrumentFacts, ...]:
        """Return the registered nozzles in order."""
        return self.do(
            "owner", lambda actor: kept.instruments(InstrumentFilter(owner_id=actor.organisation_id)).instruments
        )

    def apply(
        self, *, count: int = 1, at: datetime | None = None, request_id: UUID | None = None, first: int = 0
    ) -> CaseFacts:
        """Apply for the verification of the first nozzles, or of those from another one on."""
        chosen = self.nozzles()[first : first + count]
        form = {
            "site": str(chosen[0].site_id), "instruments": [str(each.id) for each in chosen], "place": "on_site",
            "contact_name": "测试", "contact_phone": "1",
        }  # fmt: skip
        asked = ActRequest("submit", form, seen=0, request_id=request_id or uuid4())
        return self.do("owner", partial(verification.apply, request=asked, at=at or moment()))

    def act(
        self, username: str, case: CaseFacts, act: str, form: Mapping[str, object] | None = None, *,
        at: datetime | None = None, seen: int | None = None, request_id: UUID | None = None,
    ) -> CaseFacts:  # fmt: skip
        """Do an act on a case as an account."""
        current = self.case(case)
        asked = ActRequest(
            act, form or {}, seen=current.sequence if seen is None else seen, request_id=request_id or uuid4()
        )
        step = partial(procedures.perform, case_id=case.id, request=asked, at=at or moment())
        return self.do(username, step)

    def case(self, case: CaseFacts) -> CaseFacts:
        """Return a case as it stands now."""
        with scoped(EVERYTHING):
            return cases.case(case.id)

    def people(self, **changed: str) -> dict[str, object]:
        """Return the form of the act assign; changed: duty -> account."""
        names = {"verifier": "verifier", "checker": "checker", "approver": "approver"} | changed
        return {duty: str(self.actor(name).person_id) for duty, name in names.items()}

    def on_site(self, *, count: int = 1, at: datetime | None = None, first: int = 0) -> CaseFacts:
        """Take a new case as far as the verifier's arrival."""
        case = self.apply(count=count, at=at, first=first)
        self.act("reception", case, "accept", at=at)
        self.act("reception", case, "assign", self.people(), at=at)
        return self.act("verifier", case, "go_on_site", at=at)

    def record(
        self, case: CaseFacts, *, position: int = 1, observations: Mapping[str, object] | None = None,
        on: date = TODAY, at: datetime | None = None, username: str = "verifier", request_id: UUID | None = None,
        place: str = "测试站",
    ) -> CaseFacts:  # fmt: skip
        """Hand in the record of a job."""
        job_id = self.do(username, lambda _: jobs.jobs_of(case.id)[position - 1].id)
        measured = Measurement(observations or readings(), (self.standard_id,), on, place)
        asked = ActRequest("record", {}, seen=self.case(case).sequence, request_id=request_id or uuid4())
        step = partial(verification.record, job_id=job_id, measurement=measured, request=asked, at=at or moment(on))
        return self.do(username, step)

    def approved(self, *, errors: tuple[float, ...] = (0.1,), at: datetime | None = None) -> CaseFacts:
        """Take a new case as far as approval, one job for each error; everything it stands on is in the log."""
        case = self.on_site(count=len(errors), at=at)
        day = (at or moment()).astimezone(ZONE).date()
        for position, error in enumerate(errors, start=1):
            self.record(case, position=position, observations=readings(error), on=day, at=at)
        self.act("checker", case, "review", at=at)
        case = self.act("approver", case, "approve", at=at)
        sequence()
        return case

    def issue(
        self, case: CaseFacts, *, position: int = 1, at: datetime | None = None, request_id: UUID | None = None
    ) -> CertificateFacts:
        """Issue the document of a job."""
        job_id = self.do("approver", lambda _: jobs.jobs_of(case.id)[position - 1].id)
        asked = ActRequest("issue", {}, seen=self.case(case).sequence, request_id=request_id or uuid4())
        return self.do("approver", partial(verification.issue, job_id=job_id, request=asked, at=at or moment()))


def sequence() -> int:
    """Let the log catch up; returns its size. A request still being answered may hold it back for a moment."""
    size = sequencer.run_once(at=moment())
    until = monotonic() + PATIENCE_S
    while log.log_state().waiting and monotonic() < until:
        sleep(0.02)
        size = sequencer.run_once(at=moment())
    return size


def build() -> World:
    """Build the world in the database of the test."""
    at = datetime(2020, 1, 1, 9, tzinfo=ZONE)
    with scoped(EVERYTHING):
        directory.load_regions(at)
        bureau = directory.register_organisation(_entry("测试局", 1, institution_code="TESTJ"), at=at)
        _open("bureau", bureau.id, "city_metrology")
        official = logins.actor_of("bureau", on=TODAY)
        entries = {
            "institute": _entry("测试院", 2, institution_code="TESTY"),
            "company": _entry("测试公司", 3),
            "other": _entry("别的公司", 4),
        }
        made = {key: registers.register_organisation(official, entry, at=at) for key, entry in entries.items()}
        ids = {"bureau": bureau.id, **{key: each.id for key, each in made.items()}}
        for username, key, role in PEOPLE:
            _open(username, ids[key], role)
        ledger.announce_log_key(span=(FROM, UNTIL), demo=False, at=at)
        for key in ("bureau", "institute"):
            registers.attest_body_key(official, ids[key], valid_from=FROM, valid_to=UNTIL, at=at)
        registers.grant_scope(official, ScopeEntry(ids["institute"], "MV-FUEL", CITY, "授 1", FROM, UNTIL), at=at)
        person = logins.actor_of("verifier", on=TODAY).person_id
        registers.grant_qualification(
            official, QualificationEntry(person, ids["institute"], "MV-FUEL", "资 1", FROM, UNTIL), at=at
        )
        standard_id = _measure(ids["institute"], at)
        _station(official, ids["company"], at)
    sequence()
    return World(ids, standard_id)


def _entry(name: str, number: int, institution_code: str = "") -> OrganisationEntry:
    return OrganisationEntry(
        uscc=uscc(number), name_zh=name, name_en=f"Test {number}", region_code=CITY, institution_code=institution_code,
        address_zh="测试路 1 号", phone="1", postcode="325000", authorisation_no="授 1",
    )  # fmt: skip


def _open(username: str, organisation_id: UUID, role: str) -> None:
    person = directory.register_person(organisation_id, name_zh=f"测试{username}", at=moment(FROM))
    user_id = accounts.open_account(SYSTEM, person, username=username, password=PASSWORD)
    region = CITY if roles.by_code(role).reach == "region" else ""
    accounts.give_role(SYSTEM, user_id, grant=Grant(organisation_id, role, FROM, region))


def _measure(institute_id: UUID, at: datetime) -> UUID:
    keeper = logins.actor_of("keeper", on=TODAY)
    entry = StandardEntry(
        institute_id, "V20-1", "标准金属量器", "MV-FUEL", "municipal", "Metal measure", keeper.person_id
    )
    certification = StandardCertification(
        certificate_no="V-1", certified_by="测试省院", valid_from=FROM, valid_to=date(2026, 11, 25), range_text="20 L",
        uncertainty_text="U = 5 mL, k = 2", k="2", parameters=MEASURE,
    )  # fmt: skip
    return registers.register_standard(keeper, entry, certification=certification, at=at).id


def _station(official: Actor, company_id: UUID, at: datetime) -> None:
    site = registers.register_site(official, SiteEntry(company_id, "测试站", COUNTY), at=at)
    for number in range(1, 5):
        entry = InstrumentEntry(
            category="MV-FUEL", name_zh="加油机", name_en="Dispenser", owner_id=company_id, site_id=site.id, model="M",
            serial=f"N{number}", maker="测试厂", place=f"{number} 号枪", attributes={"liquid": "petrol"},
            external_id=f"X{number}",
        )  # fmt: skip
        registers.register_instrument(official, entry, at=at + timedelta(minutes=number))


_kept: dict[str, object] = {}


def copied(name: str, build_it: Callable[[], T]) -> T:
    """Bring database and data folder to the state that `build_it` makes: made once a worker, then copied.

    The name is that of the fixture, so that tests/conftest.py knows that the test brings a database of its own.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "only")
    socket = Path(os.environ["PLUMBLINE_TEST_SOCKET"])
    copy = Path(os.environ["PLUMBLINE_TEST_FOLDER"]) / f"{name}-{worker}"
    data = Path(settings.PLUMBLINE_DATA)
    if name in _kept:
        connections.close_all()
        make_database(socket, f"test_{worker}", template=f"{name}_{worker}")
        _copy_parts(copy, data)
    else:
        _kept[name] = build_it()
        connections.close_all()
        make_database(socket, f"{name}_{worker}", template=f"test_{worker}")
        _copy_parts(data, copy)
    return cast("T", _kept[name])


def grown(request: pytest.FixtureRequest, name: str, grow: Callable[[World], W]) -> W:
    """Return a copy of a world that was made of the small one: grown once a worker. name: that of the fixture."""
    return replace(copied(name, lambda: grow(request.getfixturevalue("world"))), actors={})


def _copy_parts(source: Path, target: Path) -> None:
    for part in PARTS:
        shutil.rmtree(target / part, ignore_errors=True)
        if (source / part).exists():
            shutil.copytree(source / part, target / part)


def _begin() -> World:
    for part in PARTS:  # an earlier test without a world may have left a log that this database knows nothing of
        shutil.rmtree(Path(settings.PLUMBLINE_DATA) / part, ignore_errors=True)
    return build()


@pytest.fixture
def world(transactional_db: None) -> World:  # the test commits
    """Give a test a fresh copy of the small world: database and data folder."""
    found = copied("world", _begin)
    return World(found.organisations, found.standard_id)
