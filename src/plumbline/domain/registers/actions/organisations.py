"""Organisations, people and qualifications, with rights asked: what the directory writes plainly.

An institution (an organisation with an institution code) is said to the log, since its certificates name it; so is
every qualification, by the person's opaque id: no name of a person is in a statement.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.domain.directory import actions as directory
from plumbline.domain.directory import queries as known
from plumbline.domain.directory.types import (
    OrganisationEntry,
    OrganisationFacts,
    PersonFacts,
    QualificationEntry,
    QualificationFacts,
)
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal.types import Subject as JournalSubject
from plumbline.domain.ledger import actions as ledger
from plumbline.domain.registers.actions.attesting import (
    Saying,
    attest,
    is_attested,
    keep_attestation,
    require_institution,
)
from plumbline.domain.registers.rules import require_category, require_span
from plumbline.evidence.canonical import Json


@transaction.atomic
def register_organisation(actor: Actor, entry: OrganisationEntry, *, at: datetime) -> OrganisationFacts:
    """Register an organisation of the actor's area.

    Raises: AccessError; InputError beside the field for a wrong or held code, an unknown region, a missing name.
    """
    directory.require_region(entry.region_code)
    accounts.require(actor, "register.edit", subject=Subject(region_code=entry.region_code))
    facts = directory.register_organisation(entry, at=at)
    subject = JournalSubject("organisation", facts.id, owner_id=facts.id, region_code=facts.region_code)
    journal.append_act(
        actor, subject, name="organisation.register", data={"uscc": facts.uscc, "warnings": list(facts.warnings)}, at=at
    )
    if facts.institution_code:
        attest(Saying("body", facts.id, "body.registered", {"body": _body(facts)}), facts, at=at)
    return facts


@transaction.atomic
def register_person(
    actor: Actor, organisation_id: UUID, *, name_zh: str, name_en: str = "", at: datetime
) -> PersonFacts:
    """Register a person of an organisation the actor may edit. The journal holds the person's id, not the name."""
    organisation = known.organisation(organisation_id)
    subject = Subject(organisation_id, organisation_id, organisation.region_code)  # a house keeps its own people
    accounts.require(actor, "register.edit", subject=subject)
    facts = directory.register_person(organisation_id, name_zh=name_zh, name_en=name_en, at=at)
    told = JournalSubject("person", facts.id, owner_id=organisation_id, region_code=organisation.region_code)
    journal.append_act(actor, told, name="person.register", data={}, at=at)
    return facts


@transaction.atomic
def grant_qualification(actor: Actor, entry: QualificationEntry, *, at: datetime) -> QualificationFacts:
    """Record and log that a person may verify a category at an institution; both days included.

    Asked again, nothing is said twice. Raises: AccessError; InputError for an unknown category, days in wrong order,
    an organisation that is none, or other days than those recorded.
    """
    institution = require_institution(entry.institution_id)
    subject = Subject(body_id=entry.institution_id, region_code=institution.region_code)
    accounts.require(actor, "qualification.grant", subject=subject)
    require_category(entry.category)
    known.person(entry.person_id)
    facts = directory.grant_qualification(entry, at=at)
    if is_attested("qualification", facts.id):
        return facts
    fields: dict[str, Json] = {
        "person": str(entry.person_id),
        "body": institution.institution_code,
        "items": [entry.category],
        "valid_from": entry.valid_from.isoformat(),
        "valid_until": entry.valid_to.isoformat(),
    }
    saying = Saying("qualification", facts.id, "person.qualified", fields, entry.valid_from, entry.valid_to)
    attest(saying, institution, at=at)
    told = JournalSubject("qualification", facts.id, None, entry.institution_id, institution.region_code)
    data = {"category": entry.category, "number": facts.number}
    journal.append_act(actor, told, name="qualification.grant", data=data, at=at)
    return facts


@transaction.atomic
def attest_body_key(actor: Actor, institution_id: UUID, *, valid_from: date, valid_to: date, at: datetime) -> UUID:
    """Log the seal key of an institution before it is used; returns the id of the statement.

    A seal is renewed by logging it again with the days that follow: each announcement holds for its own days.
    Raises: AccessError; InputError if the organisation is no institution, or for days in the wrong order.
    """
    institution = require_institution(institution_id)
    accounts.require(actor, "register.edit", subject=Subject(region_code=institution.region_code))
    require_span(valid_from, valid_to)
    statement = ledger.announce_key(
        institution.institution_code,
        organisation_id=institution_id,
        span=(valid_from, valid_to),
        demo=institution.is_demo,
        at=at,
    )
    keep_attestation(Saying("body_key", institution_id, "key.added", {}, valid_from, valid_to), statement.id)
    told = JournalSubject("organisation", institution_id, institution_id, None, institution.region_code)
    span = {"valid_from": valid_from.isoformat(), "valid_to": valid_to.isoformat()}
    journal.append_act(actor, told, name="key.added", data=span, at=at)
    return statement.id


def _body(facts: OrganisationFacts) -> Json:
    return {"code": facts.institution_code, "name_zh": facts.name_zh, "name_en": facts.name_en, "uscc": facts.uscc}
