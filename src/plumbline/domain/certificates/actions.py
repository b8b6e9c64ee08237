"""Writes of certificates: issue, revoke. Number, documents, statement and queue row commit together or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.domain.certificates import outcomes, outside, queries, rules, status
from plumbline.domain.certificates.models import Certificate, StatusEvent
from plumbline.domain.certificates.signed import public_facts
from plumbline.domain.certificates.types import CertificateFacts, Draft, LoadTestRow, Revocation, never_issued
from plumbline.domain.credentials import queries as credentials
from plumbline.domain.files import actions as files
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal import queries as acts
from plumbline.domain.journal.types import Asked, NewAct
from plumbline.domain.journal.types import Subject as JournalSubject
from plumbline.domain.ledger import actions as ledger
from plumbline.domain.ledger import queries as log
from plumbline.domain.ledger.types import NewStatement
from plumbline.domain.notices import actions as notices
from plumbline.domain.notices.types import Happening
from plumbline.domain.rows import bulk, locks
from plumbline.domain.rows.codes import new_lookup_code
from plumbline.domain.rows.reasons import require_reason
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, StateError, Text, say
from plumbline.evidence.canonical import Json
from plumbline.evidence.document.content import CertificateContent
from plumbline.evidence.document.dcc import build_dcc
from plumbline.evidence.document.facts import read_dcc
from plumbline.evidence.document.pdf import render_pdf
from plumbline.evidence.document.schema import find_schema, validate_dcc
from plumbline.evidence.statement import CertificateStatement, FileEntry, certificate_fields
from plumbline.rulebook.calendar import legal_day
from plumbline.rulebook.revocation import all_reasons as revocation_reasons

issue_outcome, change_outcome = outcomes.issue, outcomes.change
import_calibrations, calibrations_taking = outside.import_calibrations, outside.calibrations_taking
_NEXT_SERIAL = """
    insert into certificates_series (institution_id, year, last) values (%s, %s, 1)
    on conflict (institution_id, year) do update set last = certificates_series.last + 1 returning last
"""


@transaction.atomic
def issue(actor: Actor, draft: Draft, *, at: datetime) -> CertificateFacts:
    """Issue a certificate or result notice; returns it, sealed and queued for the log.

    Rights, a fresh proof of who issues, and the guards of the procedure are asked by the caller, in one transaction.
    Raises: StateError if a statement it stands on is not yet in the log, or this measurement has its document already,
    or the certificate to be replaced was revoked or replaced by somebody else.
    """
    draft = replace(draft, assurance=actor.assurance.by)
    replaced = _replaceable(draft)
    leaves = _leaves(draft)
    kind = "J" if draft.content.kind == "verification" else "T"
    year = legal_day(at).year
    serial = _take_serial(draft.body_id, year)
    code = new_lookup_code()
    number = rules.number_of(draft.body_code, kind, year=year, serial=serial)
    content = replace(
        draft.content,
        number=number,
        supersedes=replaced,
        issued_on=legal_day(at),
        lookup_url=f"{settings.PLUMBLINE_BASE_URL}/C/{code}",
        lookup_code=code,
    )
    dcc = _dcc(content)
    entries, hashes = _documents(content, dcc, record=draft.record, at=at)
    said = NewStatement(
        "certificate.issued",
        draft.body_code,
        certificate_fields(_statement(draft, content, entries=entries, leaves=leaves, at=at)),
        draft.body_id,
        content.demo,
    )
    statement = ledger.submit(said, at=at)
    row = Certificate(
        origin_id=draft.origin_id,
        number=number,
        serial=serial,
        year=year,
        kind=kind,
        code=code,
        instrument_id=draft.instrument_id,
        instrument_code=draft.instrument_code,
        case_id=draft.case_id,
        owner_id=draft.owner_id,
        body_id=draft.body_id,
        region_code=draft.region_code,
        performed_on=content.performed_on,
        valid_until=content.valid_until,
        issued_at=at,
        facts=public_facts(read_dcc(dcc), issuer=draft.body_code),
        dcc_sha256=hashes["dcc.xml"],
        pdf_sha256=hashes["certificate.pdf"],
        record_sha256=hashes["record.json"],
        statement_id=statement.id,
        supersedes_id=draft.supersedes,
    )
    row.save(force_insert=True)
    _tell_of_issue(actor, row, at=at)
    return queries.facts(row, (), on=row.performed_on)


def _replaceable(draft: Draft) -> str | None:
    """Hold the certificate to be replaced, so that two clerks cannot both end it; return its number, None for none.

    Raises: StateError if it has ended; without one, if this measurement has its document already.
    """
    old_id = draft.supersedes
    if old_id is None:
        if Certificate.objects.filter(origin_id=draft.origin_id).exists():
            raise StateError(say("这次检定的证书已经签发过了"), remedy=say("要改内容时，用“更换证书”另发一份"))
        return None
    locks.hold(locks.Kind.CERTIFICATE, old_id)
    old = Certificate.objects.get(pk=old_id)
    if Certificate.objects.filter(supersedes=old).exists() or StatusEvent.objects.filter(certificate=old).exists():
        raise _ended(old)
    return old.number


def _statement_of(row: Certificate) -> UUID:
    """Return the statement that issued a certificate. Raises: StateError for a load-test row, which none did."""
    if row.statement_id is None:
        raise never_issued(row.number)
    return row.statement_id


def _ended(row: Certificate) -> StateError:
    return StateError(
        say("证书 {number} 已经撤销或更换", number=row.number), remedy=say("到证书页查看它现在的状态和原因")
    )


@transaction.atomic
def revoke(actor: Actor, certificate_id: UUID, *, revocation: Revocation, at: datetime) -> CertificateFacts:
    """Revoke a certificate by a new logged statement; the certificate itself is not touched.

    Asked for twice by one request it is done once. Raises: AccessError; Unconfirmed; InputError without a reason;
    StateError if it is revoked or superseded already, or the request has asked for something else before.
    """
    code, reason = revocation.reason_code, revocation.reason
    asked = journal.asked(revocation.request_id, "certificate.revoke", certificate_id, code, reason)
    if journal.already_done(actor, asked):
        return queries.certificate(certificate_id, on=legal_day(at))
    locks.hold(locks.Kind.CERTIFICATE, certificate_id)
    row = Certificate.objects.filter(pk=certificate_id).first()
    if row is None:
        raise queries.no_such_certificate()
    subject = Subject(body_id=row.body_id, region_code=row.region_code)
    accounts.require(actor, "certificate.revoke", subject=subject)
    credentials.require_fresh(actor, "certificate.revoke", at=at)
    if code not in revocation_reasons():
        raise InputError(say("没有选撤销原因"), remedy=say("从所列原因中选一项"), field="reason_code")
    _statement_of(row)
    text = require_ending_reason(reason)
    on = legal_day(at)
    if queries.certificate(row.id, on=on).is_ended:
        raise _ended(row)
    told = say("证书 {number} 已撤销，不要再依据它：{reason}", number=row.number, reason=text)
    _log_status(actor, row, change=_Change("revoked", {"reason": code}, text, told, asked), at=at)
    return queries.certificate(row.id, on=on)


def log_supersession(actor: Actor, new_id: UUID, *, at: datetime) -> None:
    """Log that a replacement, now in the log itself, supersedes the older certificate. Repeating it changes nothing."""
    new = Certificate.objects.select_related("supersedes").get(pk=new_id)
    old = new.supersedes
    if old is None or StatusEvent.objects.filter(certificate=old, kind="superseded").exists():
        return
    leaf = log.proved_index(_statement_of(new))
    told = say("证书 {number} 已由 {new} 更换", number=old.number, new=new.number)
    change = _Change("superseded", {"reason": "replaced", "by": leaf}, _typed_reason(old, new), told)
    _log_status(actor, old, change=change, at=at)


def _typed_reason(old: Certificate, new: Certificate) -> str:
    """Return why its author replaced a certificate; empty where nobody wrote a reason."""
    written = [act.data["reason"] for act in acts.acts_of(old.id) if act.data.get("by") == new.number]
    return str(written[-1]) if written else ""


@dataclass(frozen=True)
class _Change:
    """What happened to a certificate: kind of event, fields of its statement, the reason, what the owner is told, and
    who asked for it."""

    kind: str
    fields: dict[str, str | int]
    text: str
    told: Text
    asked: Asked | None = None


def _log_status(actor: Actor, row: Certificate, *, change: _Change, at: datetime) -> None:
    with scoped(EVERYTHING):
        issued_by = _statement_of(row)
        leaf = log.proved_index(issued_by)
        said = NewStatement(
            f"certificate.{change.kind}",
            log.statement(issued_by).issuer,
            {"ref": leaf, "cert_no": row.number, **change.fields},
            row.body_id,
            bool(row.facts.get("demo")),
        )
        statement = ledger.submit(said, at=at)
        StatusEvent.objects.create(
            certificate=row,
            kind=change.kind,
            reason_code=str(change.fields["reason"]),
            reason=change.text,
            at=at,
            statement_id=statement.id,
        )
        data = {"reason": change.text, "assurance": actor.assurance.told}
        act = NewAct(f"certificate.{change.kind}", data, asked=change.asked)
        _tell_journal(actor, row, act=act, at=at)
        link = f"/my/certificates/{row.number}"
        notices.tell(row.owner_id, change.told, link=link, at=at, kind=notices.CERTIFICATE)
        _announce(row, f"certificate.{change.kind}", at=at)


def take_in_load_test(rows: Iterable[LoadTestRow]) -> int:
    """Put the rows of a load test beside the certificates: never issued, without documents, not in the log.

    Raises: StateError outside a demo; IntegrityError for a row that does not say in its number what it is.
    """
    return bulk.take_in("certificates_certificate", LoadTestRow, rows=rows)


def require_ending_reason(reason: str) -> str:
    """Return why a certificate ends, as its page will say it. Raises: InputError as `require_reason`."""
    return require_reason(reason, remedy=say("写清为什么撤销或更换、用户该怎么办"))


@dataclass(frozen=True)
class _Leaves:
    """Log indices a certificate cites."""

    measurement: int
    qualification: int
    scope: int
    standards: list[Json]
    supersedes: int | None


def _leaves(draft: Draft) -> _Leaves:
    authority = draft.authority
    with scoped(EVERYTHING):
        old = _statement_of(Certificate.objects.get(pk=draft.supersedes)) if draft.supersedes else None
        cited = [authority.measurement, authority.qualification, authority.scope, *authority.standards]
        places = log.proved_indices([*cited, old] if old else cited)
    measurement, qualification, scope, *standards = [places[each] for each in cited]
    return _Leaves(measurement, qualification, scope, list(standards), places[old] if old else None)


def _take_serial(institution_id: UUID, year: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_SERIAL, [institution_id, year])
        return int((cursor.fetchone() or (0,))[0])


def _dcc(content: CertificateContent) -> bytes:
    dcc = build_dcc(content)
    schema = Path(settings.PLUMBLINE_DCC_SCHEMA_DIR)
    if find_schema(schema):
        validate_dcc(dcc, schema)
    return dcc


def _documents(
    content: CertificateContent, dcc: bytes, *, record: bytes, at: datetime
) -> tuple[list[FileEntry], dict[str, str]]:
    pdf = render_pdf(content, dcc, font_dir=Path(settings.PLUMBLINE_FONT_DIR), at=at)
    documents = [
        ("dcc.xml", "application/xml", dcc),
        ("certificate.pdf", "application/pdf", pdf),
        ("record.json", "application/json", record),
    ]
    entries = [FileEntry.of(name, media, data=data) for name, media, data in documents]
    kept = files.keep([(data, media) for _, media, data in documents])
    return entries, dict(zip((name for name, _, _ in documents), kept, strict=True))


def _statement(
    draft: Draft, content: CertificateContent, *, entries: list[FileEntry], leaves: _Leaves, at: datetime
) -> CertificateStatement:
    return CertificateStatement(
        cert_no=str(content.number),
        kind=content.kind,
        result="pass" if content.kind == "verification" else "fail",
        performed_on=content.performed_on,
        valid_until=content.valid_until,
        issued_at=at,
        instrument={
            "maker": content.instrument.maker.zh,
            "model": content.instrument.model,
            "serial": content.instrument.serial,
            "code": content.instrument.code,
        },
        files=tuple(entries),
        evidence=(leaves.measurement,),
        authz={
            "officer": str(draft.authority.officer_id),
            "qualification": leaves.qualification,
            "scope": leaves.scope,
            "standard": leaves.standards,
            "approval": {"kind": "session", "assurance": draft.assurance},
        },
        supersedes=leaves.supersedes,
    )


def _tell_journal(actor: Actor, row: Certificate, *, act: NewAct, at: datetime) -> None:
    subject = JournalSubject("certificate", row.id, row.owner_id, row.body_id, row.region_code)
    journal.append(actor, subject, act=act, at=at)


def _tell_of_issue(actor: Actor, row: Certificate, *, at: datetime) -> None:
    told = {"number": row.number, "assurance": actor.assurance.told}
    _tell_journal(actor, row, act=NewAct("certificate.issue", told, sequence=1), at=at)
    _announce(row, "certificate.issued", at=at)


def _announce(row: Certificate, kind: str, *, at: datetime) -> None:
    """Have the parties' systems told what happened to a certificate."""
    said = {
        "certificate": row.number, "kind": row.kind, "instrument": row.facts.get("instrument", {}).get("identity", ""),
        "performed_on": row.performed_on.isoformat(),
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
    }  # fmt: skip
    notices.announce(Happening(kind, (row.owner_id, row.body_id), said), at=at)


def publish_status(*, at: datetime) -> bool:
    """Publish the status list if it is due; say whether it was."""
    return status.publish_if_due(at=at)
