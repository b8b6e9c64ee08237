"""Row-level security, asked of the database itself: which tables it holds, and what is seen without a scope."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection
from django.db.models import Model

from plumbline.config.postgres_roles import APP, OWNER, SUPER
from plumbline.domain.accounts.types import Actor, NewToken
from plumbline.domain.cases import jobs as sweeping
from plumbline.domain.cases.models import Case
from plumbline.domain.certificates import actions as certificates
from plumbline.domain.certificates.models import Certificate, OutsideCalibration, Series, StatusEvent
from plumbline.domain.certificates.types import OutcomeChange, Revocation
from plumbline.domain.credentials import actions as credentials
from plumbline.domain.drafts import actions as drafts
from plumbline.domain.errands import actions as errands
from plumbline.domain.errands.types import NewErrand
from plumbline.domain.indicators import actions as indicators
from plumbline.domain.laboratory import actions as laboratory
from plumbline.domain.laboratory import queries as jobs
from plumbline.domain.laboratory.models import Draft, Job, RawRecord
from plumbline.domain.notices import actions as notices
from plumbline.domain.notices.models import Notice, Reader
from plumbline.domain.notices.types import Due
from plumbline.domain.partners import actions as partners
from plumbline.domain.partners.models import Answer
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers.types import EntryDraft
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.domain.credentials.people import administrator, offer
from tests.domain.databases import connected
from tests.domain.procedures.examination import passed
from tests.world import CITY, TODAY, World, moment, sequence, uscc

PROTECTED = {
    "accounts_absence", "accounts_token", "cases_case", "cases_caseclock", "cases_raised", "certificates_certificate",
    "certificates_outcome", "certificates_outcomeevent", "certificates_outcomeseries",
    "certificates_outsidecalibration", "certificates_series", "certificates_statusevent", "credentials_invitation",
    "drafts_draft", "drafts_savedview", "errands_errand", "errands_piece", "indicators_coverage",
    "indicators_handled", "indicators_measured", "indicators_standing", "indicators_stays", "indicators_timed",
    "journal_act", "laboratory_draft",
    "laboratory_job", "laboratory_rawrecord", "ledger_statement", "notices_change", "notices_delivery",
    "notices_letter", "notices_line", "notices_notice", "notices_reader", "notices_reminder", "notices_subscription",
    "partners_answer", "partners_package",
    "registers_attestation", "registers_entry", "registers_instrument", "registers_measurementstandard",
    "registers_period", "registers_scope", "registers_site", "registers_standardcertificate",
}  # fmt: skip
OPEN = {
    "directory_region": "divisions are public",
    "directory_succession": "divisions are public",
    "directory_organisation": "who an organisation is, is public; a sign-in finds it before any scope is known",
    "directory_person": "a sign-in finds its person before any scope is known; faces show names only to parties",
    "directory_qualification": "who may verify what is public",
    "rows_phrase": "the application has no right to it: functions tell phrases, never whose they are",
    "rows_reading": "how Chinese characters are read",
    "registers_instrument_number": "the application has no right to it: a function asks the rows under security",
    "cases_case_number": "as that of instruments",
    "certificates_certificate_number": "as that of instruments",
    "registers_definition": "mirrors the rulebook, which is public; rows only grow",
    "accounts_user": "a sign-in finds its account before any scope is known",
    "accounts_membership": "the scope itself is read from it",
    "accounts_delegation": "the scope itself is read from it, as from a membership",
    "credentials_signin": "whether a session has ended is asked before any scope is known",
    "credentials_passkey": "a sign-in finds its account by it; public keys only",
    "credentials_codesecret": "a sign-in asks it before any scope is known; sealed with a key of the data folder",
    "credentials_recoverycode": "a sign-in asks it before any scope is known; keyed digests only",
    "credentials_wrongcodes": "failed sign-ins, written before any scope is known",
    "credentials_outsideidentity": "a sign-in finds its account by it, before any scope is known",
    "files_blob": "holds hashes and sizes only; the bytes are named by rows that are protected",
    "ledger_era": "names database servers, nothing of anybody",
    "ledger_queueitem": "leaves are published",
    "ledger_entry": "leaves are published",
    "ledger_checkpoint": "signed heads are published",
    "certificates_publishedstatus": "the list is published",
    "indicators_stale": "names counties, categories and months",
    "indicators_refresh": "a moment and a count",
    "indicators_report": "months, hashes and moments; its lines lie in a file",
    "auth_group": "Django's own, unused",
    "auth_group_permissions": "Django's own, unused",
    "auth_permission": "Django's own, unused",
    "axes_accessattempt": "failed sign-ins, written before any scope is known",
    "axes_accessattemptexpiration": "failed sign-ins, written before any scope is known",
    "axes_accessfailurelog": "failed sign-ins, written before any scope is known",
    "axes_accesslog": "failed sign-ins, written before any scope is known",
    "django_content_type": "names of tables",
    "django_migrations": "names of migrations",
    "django_session": "found by its secret key, before any scope is known",
}


def tables(*, secured: bool, forced: bool) -> set[str]:
    """Return the tables of the schema that are under row-level security or not, forced on their owner or not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
            " and (relrowsecurity, relforcerowsecurity) = (%s, %s)",
            [secured, forced],
        )
        return {str(name) for (name,) in cursor.fetchall()}


def empty_for(role: str) -> set[str]:
    """Return the protected tables in which a fresh connection of a role sees no row."""
    with connected(role) as fresh:
        counts = {table: fresh.execute(f"select count(*) from {table}".encode()).fetchone() for table in PROTECTED}  # noqa: S608  # names of this file
    return {table for table, count in counts.items() if count == (0,)}


def seen_by_models(*models: type[Model]) -> int:
    """Return how many rows of all these models the running transaction sees."""
    return sum(model._default_manager.count() for model in models)


def fill_notices(world: World) -> None:
    """Write a letter with a notice to a reader, and a reminder."""
    house, actor = world.organisations["institute"], world.actor("checker")
    reader = Reader.objects.create(user_id=actor.user_id, organisation_id=house, language="en", since=moment())
    notice = Notice.objects.filter(recipient_id=house).first()
    assert notice is not None
    notices.write_letter(reader, "digest", notices=[notice.id], at=moment())
    notices.first_reminders("standard", [Due(world.standard_id, TODAY, 7, house)], at=moment())


def fill_partners(world: World) -> None:
    """Give a file to a partner and note an answer."""
    package = partners.begin_package(world.actor("county"), "national_instruments", only_new=False, at=moment())
    Answer.objects.create(
        package_id=package.id, partner=package.partner, organisation_id=world.organisations["bureau"],
        record="instrument", key="1", outcome="rejected", reason="测试", intake=uuid4(), taken_at=moment(),
    )  # fmt: skip


def fill_outcomes(world: World) -> None:
    """Issue an outcome document and suspend it."""
    case = passed(world)
    sequence()
    halted = OutcomeChange(case.id, "certificate", "suspended", "fail")
    world.do("official", lambda actor: certificates.change_outcome(actor, halted, at=moment()))


def with_interfaces(owner: Actor) -> None:
    """Give an owner a token and a subscription, so that messages are left for it."""
    registers.make_token(owner, NewToken("测试", ("cases:read",), TODAY), request_id=uuid4(), at=moment())
    registers.subscribe(owner, "https://example.com/", kinds=["case.moved"], request_id=uuid4(), at=moment())


@pytest.fixture
def filled(world: World) -> World:
    """Give a world in which every protected table has rows."""
    world.do("owner", with_interfaces)
    case = world.approved()
    issued = world.issue(case)
    sequence()
    indicators.refresh(at=moment())
    begun = world.on_site(first=1)
    job_id = world.do("verifier", lambda _: jobs.jobs_of(begun.id)[0].id)
    world.do(
        "approver",
        lambda actor: certificates.revoke(
            actor, issued.id, revocation=Revocation("record_wrong", "测试", uuid4()), at=moment()
        ),
    )
    typed = {
        "code": "TC 1",
        "name": "测试委员会",
        "level": "省级",
        "field": "计量",
        "region_code": CITY,
        "secretariat": uscc(2),
    }
    draft = EntryDraft(typed, date(2026, 1, 1))
    world.do("bureau", lambda actor: registers.register_entry(actor, "technical_committees", draft=draft, at=moment()))
    world.do("owner", lambda actor: drafts.keep(actor, "apply", content={}, at=moment()))
    world.do("owner", lambda actor: drafts.save_view(actor, "instruments", name="我的", query="", at=moment()))
    world.do("verifier", lambda actor: laboratory.save_draft(actor, job_id, content={}, seen=0, at=moment()))
    asked = world.do("owner", lambda actor: errands.ask(actor, NewErrand("test", "test"), at=moment()))
    world.do("owner", lambda _: errands.put_aside(asked.id, 0, content="x"))
    world.do("checker", lambda actor: registers.note_absence(actor, first_day=TODAY, last_day=TODAY, at=moment()))
    fill_outcomes(world)
    administrator(world)
    world.do("admin", lambda actor: credentials.invite(actor, offer(world), at=moment()))
    sweeping.sweep(moment(TODAY + timedelta(days=30)))
    with scoped(EVERYTHING):
        fill_notices(world)
        fill_partners(world)
        OutsideCalibration.objects.create(
            instrument_id=issued.instrument_id, performed_on=date(2025, 1, 1), intake=uuid4(), registered_at=moment()
        )
    return world


@pytest.mark.django_db
def test_every_table_of_a_tenant_is_under_security_that_holds_its_owner_too() -> None:
    assert tables(secured=True, forced=True) == PROTECTED


@pytest.mark.django_db
def test_no_table_is_under_security_that_spares_its_owner() -> None:
    assert tables(secured=True, forced=False) == set()


@pytest.mark.django_db
def test_every_table_without_security_is_listed_with_its_reason() -> None:
    assert tables(secured=False, forced=False) == set(OPEN)


@pytest.mark.django_db
def test_the_application_role_cannot_pass_by_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select rolname from pg_roles where rolname like 'plumb%' and (rolsuper or rolbypassrls)")
        assert cursor.fetchall() == [(SUPER,)]


def test_every_protected_table_has_rows_in_the_filled_world(filled: World) -> None:
    assert empty_for(SUPER) == set()


def test_a_connection_of_the_application_without_scope_sees_no_row(filled: World) -> None:
    assert empty_for(APP) == PROTECTED


def test_a_connection_of_the_owner_without_scope_sees_no_row(filled: World) -> None:
    assert empty_for(OWNER) == PROTECTED


def test_a_stranger_s_scope_shows_nothing_of_a_case_and_its_papers(filled: World) -> None:
    with scoped(filled.actor("stranger").scope):
        assert seen_by_models(Case, Job, Draft, RawRecord, Certificate, StatusEvent, Series, OutsideCalibration) == 0


def test_a_row_cannot_be_written_for_another_organisation(filled: World) -> None:
    actor = filled.actor("owner")
    with pytest.raises(ProgrammingError, match="row-level security"), scoped(actor.scope):
        Series.objects.create(institution_id=filled.organisations["institute"], year=2026, last=7)
