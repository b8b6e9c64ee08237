"""Measurement standards, their certificates, and the scopes of institutions: written, told to the journal, logged."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.domain.directory import actions as directory
from plumbline.domain.directory import queries as known
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal.types import Subject as JournalSubject
from plumbline.domain.registers import queries, rules
from plumbline.domain.registers.actions.attesting import Saying, attest, is_attested, require_institution
from plumbline.domain.registers.models import MeasurementStandard, Scope, StandardCertificate
from plumbline.domain.registers.types import (
    STANDARD_LEVELS,
    ScopeEntry,
    ScopeFacts,
    StandardCertification,
    StandardEntry,
    StandardFacts,
)
from plumbline.domain.rows.printing import require_printable
from plumbline.errors import InputError, say
from plumbline.evidence.canonical import Json


@transaction.atomic
def register_standard(
    actor: Actor, entry: StandardEntry, *, certification: StandardCertification, at: datetime
) -> StandardFacts:
    """Register a measurement standard with its first certificate, and log it.

    Raises: AccessError; InputError for an unknown category or level, a code used already, or days in the wrong order.
    """
    institution = require_institution(entry.owner_id)
    accounts.require(actor, "standard.edit", subject=Subject(entry.owner_id, entry.owner_id, institution.region_code))
    rules.require_category(entry.category)
    if entry.level not in STANDARD_LEVELS:
        raise InputError(say("没有“{level}”这一级", level=entry.level), remedy=say("从所列级别里选"), field="level")
    if MeasurementStandard.objects.filter(owner_id=entry.owner_id, code=entry.code.strip()).exists():
        raise InputError(
            say("计量标准编号 {code} 已登记", code=entry.code),
            remedy=say("换一个编号，或更新已登记的标准"),
            field="code",
        )
    values = {
        **asdict(entry),
        "name_zh": rules.require_name(entry.name_zh),
        "code": rules.require_name(entry.code, field="code"),
    }
    require_printable({field: values[field] for field in rules.PRINTED_OF_STANDARD})
    row = MeasurementStandard.objects.create(registered_at=at, **values)
    subject = JournalSubject("standard", row.id, row.owner_id, row.owner_id, institution.region_code)
    journal.append_act(actor, subject, name="standard.register", data={"code": row.code}, at=at)
    return certify_standard(actor, row.id, certification=certification, at=at)


@transaction.atomic
def certify_standard(
    actor: Actor, standard_id: UUID, *, certification: StandardCertification, at: datetime
) -> StandardFacts:
    """Record a certificate of a measurement standard and log it; an earlier one stays as it is.

    Raises: AccessError; InputError for days in the wrong order, a missing number, or a certificate recorded already.
    """
    row = MeasurementStandard.objects.filter(pk=standard_id).first()
    if row is None:
        raise queries.no_such_standard()
    institution = require_institution(row.owner_id)
    accounts.require(actor, "standard.edit", subject=Subject(row.owner_id, row.owner_id, institution.region_code))
    rules.require_span(certification.valid_from, certification.valid_to)
    rules.require_name(certification.certificate_no, field="certificate_no")
    require_printable({field: getattr(certification, field) for field in rules.PRINTED_OF_CERTIFICATION})
    rules.require_parameters(row.category, certification.parameters)
    if StandardCertificate.objects.filter(standard=row, certificate_no=certification.certificate_no).exists():
        raise InputError(
            say("证书 {number} 已登记在这台标准下", number=certification.certificate_no),
            remedy=say("核对证书编号"),
            field="certificate_no",
        )
    StandardCertificate.objects.create(standard=row, owner_id=row.owner_id, certified_at=at, **asdict(certification))
    fields: dict[str, Json] = {
        "standard": row.code,
        "items": [row.category],
        "level": row.level,
        "certificate_no": certification.certificate_no,
        "certified_by": certification.certified_by,
        "range": certification.range_text,
        "U": certification.uncertainty_text,
        "k": certification.k,
        "valid_from": certification.valid_from.isoformat(),
        "valid_until": certification.valid_to.isoformat(),
    }
    span = certification.valid_from, certification.valid_to
    attest(Saying("standard", row.id, "standard.certified", fields, *span), institution, at=at)
    subject = JournalSubject("standard", row.id, row.owner_id, row.owner_id, institution.region_code)
    journal.append_act(
        actor, subject, name="standard.certify", data={"certificate_no": certification.certificate_no}, at=at
    )
    return queries.standard(row.id)


@transaction.atomic
def grant_scope(actor: Actor, entry: ScopeEntry, *, at: datetime) -> ScopeFacts:
    """Grant an institution the verification of one category in one area; the office that grants says so to the log.

    Asked again, nothing is said twice; an extension is a row of its own, from its own first day. Raises: AccessError if
    the area is not the actor's; InputError for an unknown category or region, wrong days, or for other terms than those
    granted from the same day.
    """
    institution, grantor = require_institution(entry.institution_id), require_institution(actor.organisation_id)
    directory.require_region(entry.region_code)
    accounts.require(actor, "scope.grant", subject=Subject(region_code=entry.region_code))
    rules.require_category(entry.category)
    rules.require_span(entry.valid_from, entry.valid_to)
    rules.require_name(entry.authorisation_no, field="authorisation_no")
    row, _ = Scope.objects.get_or_create(
        institution_id=entry.institution_id,
        category=entry.category,
        region_code=entry.region_code,
        authorisation_no=entry.authorisation_no.strip(),
        valid_from=entry.valid_from,
        defaults={
            "region_codes": list(known.codes_under(entry.region_code)),
            "range_text": entry.range_text,
            "uncertainty_text": entry.uncertainty_text,
            "valid_to": entry.valid_to,
            "granted_at": at,
        },
    )
    _refuse_other_terms(row, entry)
    if is_attested("scope", row.id):
        return queries.scope_facts(row)
    fields: dict[str, Json] = {
        "body": institution.institution_code,
        "items": [row.category],
        "regions": [row.region_code],
        "range": row.range_text,
        "U": row.uncertainty_text,
        "authorisation": row.authorisation_no,
        "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_to.isoformat(),
    }
    span = row.valid_from, row.valid_to
    attest(Saying("scope", row.id, "scope.granted", fields, *span), grantor, at=at)
    subject = JournalSubject("scope", row.id, None, row.institution_id, row.region_code)
    journal.append_act(actor, subject, name="scope.grant", data={"category": row.category}, at=at)
    return queries.scope_facts(row)


def _refuse_other_terms(row: Scope, entry: ScopeEntry) -> None:
    for field in ("valid_to", "range_text", "uncertainty_text"):
        if getattr(row, field) != getattr(entry, field):
            raise InputError(
                say(
                    "授权 {number} 从 {start} 起已登记到 {end}，范围“{range}”，不确定度“{u}”",
                    number=row.authorisation_no,
                    start=row.valid_from,
                    end=row.valid_to,
                    range=row.range_text or "-",
                    u=row.uncertainty_text or "-",
                ),
                remedy=say("延期或改范围时另登记一段，写新的起始日期；已登记的不改"),
                field=field,
            )
