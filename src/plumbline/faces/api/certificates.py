"""Certificates one by one: what one says, what happened to it, its files and its bundle."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Schema
from pydantic import JsonValue

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Subject
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.ledger import queries as ledger
from plumbline.faces.api.bearing import Token, actor_of
from plumbline.faces.api.document import hands_out, scoped_to
from plumbline.faces.api.lists import InstrumentSaid, instrument_said
from plumbline.faces.api.routes import router
from plumbline.faces.api.shapes import answers
from plumbline.faces.kit import downloads

FileName = Literal["certificate.pdf", "dcc.xml", "record.json", "bundle.json"]


class StatusChange(Schema):
    """What happened to a certificate after it was issued."""

    kind: str
    reason_code: str
    reason: str
    at: datetime


class CertificateDetail(Schema):
    """A certificate, or a notice of results where `kind` is T. facts: what it says, as everybody may read it.

    logged_at: its index in the transparency log, null while it waits for it.
    """

    id: UUID
    number: str
    kind: str
    status: str
    code: str
    instrument: InstrumentSaid
    performed_on: date
    valid_until: date | None
    issued_at: datetime
    facts: dict[str, JsonValue]
    sha256: dict[str, str]
    logged_at: int | None
    changes: list[StatusChange]
    replaced_by: str | None


@router.get(
    "/certificates/{number}",
    auth=Token("certificates:read"),
    response=answers(CertificateDetail),
    tags=["certificates"],
    operation_id="get_certificate",
    summary=gettext_noop("一份证书"),
    openapi_extra=scoped_to("certificates:read"),
)
def certificate(request: HttpRequest, number: Path[str]) -> CertificateDetail:
    """Return one certificate by its number. Raises: AccessError; Hidden."""
    found = certificates.certificate_by_number(number, on=timezone.localdate())
    subject = Subject(found.owner_id, found.body_id, found.region_code)
    accounts.require(actor_of(request), "register.read", subject=subject)
    return detail_of(found)


@router.get(
    "/certificates/{number}/files/{name}",
    auth=Token("certificates:read"),
    response=answers(None),
    tags=["certificates"],
    operation_id="get_certificate_file",
    summary=gettext_noop("证书的文件：PDF、DCC、原始记录、凭证包"),
    openapi_extra=hands_out("certificates:read", media=[media for media, _name in downloads.KINDS.values()]),
)
def certificate_file(request: HttpRequest, number: Path[str], *, name: Path[FileName]) -> HttpResponse:
    """Return one file. Raises: AccessError; Hidden; StateError for a bundle before its certificate is in the log."""
    return downloads.certificate_file(request, number, name=name)


def detail_of(found: CertificateFacts) -> CertificateDetail:
    """Return a certificate as the API says it."""
    return CertificateDetail(
        id=found.id,
        number=found.number,
        kind=found.kind,
        status=found.status,
        code=found.code,
        instrument=instrument_said(found.facts),
        performed_on=found.performed_on,
        valid_until=found.valid_until,
        issued_at=found.issued_at,
        facts=cast("dict[str, JsonValue]", dict(found.facts)),
        sha256={
            "certificate.pdf": found.pdf_sha256, "dcc.xml": found.dcc_sha256, "record.json": found.record_sha256,
        },
        logged_at=None if found.is_load_test else ledger.index_of(found.statement_id),
        changes=[
            StatusChange(kind=each.kind, reason_code=each.reason_code, reason=each.reason, at=each.at)
            for each in found.events
        ],
        replaced_by=found.replaced_by or None,
    )  # fmt: skip
