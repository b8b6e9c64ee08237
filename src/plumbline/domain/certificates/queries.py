"""Reads of certificates: one, the current one of an instrument, lists by keyset, the public check, the bundle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet

from plumbline.domain.certificates import audit as auditing
from plumbline.domain.certificates import lists, outcome_reads, outside, rules, searching, signed, status
from plumbline.domain.certificates.models import Certificate, StatusEvent
from plumbline.domain.certificates.types import CertificateFacts, CheckFacts, StatusFacts
from plumbline.domain.files import queries as files
from plumbline.domain.ledger import queries as log
from plumbline.domain.rows.codes import is_lookup_code
from plumbline.domain.rows.listing.spec import Joined, ListSpec, Row
from plumbline.domain.rows.scope import EVERYTHING, Scope, scoped
from plumbline.domain.rows.searching.asking import Query
from plumbline.domain.rows.searching.taking import Found
from plumbline.errors import Hidden, ProofError, Text, say
from plumbline.evidence import statement as statements
from plumbline.evidence.bundle import make_bundle

calibration_template = outside.calibration_template
calibration_sentences = outside.calibration_sentences
DueRow = outside.DueRow
due_rows = outside.due_rows
read_intervals = outside.read_intervals
no_such_outcome = outcome_reads.no_such_outcome
outcome_by_number = outcome_reads.of_number
outcomes_of_case = outcome_reads.of_case
check_outcome = outcome_reads.check
outcome_content = outcome_reads.content_of
outcome_bundle = outcome_reads.bundle
UNKNOWN = CheckFacts("unknown")


def no_such_certificate() -> Hidden:
    """Return the one answer for a certificate that does not exist and for one that is not yours to see."""
    return Hidden(say("没有这份证书，或者您无权查看"), remedy=say("核对证书编号，或换用有权的账号"))


def certificate(certificate_id: UUID, *, on: date) -> CertificateFacts:
    """Return a certificate with its status on a day. Raises: Hidden when it is not visible to the scope."""
    row = _rows().filter(pk=certificate_id).first()
    if row is None:
        raise no_such_certificate()
    return _facts(row, on)


def certificate_by_number(number: str, *, on: date) -> CertificateFacts:
    """Return a certificate by its number. Raises: Hidden as `certificate`."""
    row = _rows().filter(number=number).first()
    if row is None:
        raise no_such_certificate()
    return _facts(row, on)


def certificates(certificate_ids: Iterable[UUID], *, on: date) -> dict[UUID, CertificateFacts]:
    """Return several certificates by id."""
    return {row.id: _facts(row, on) for row in _rows().filter(id__in=list(certificate_ids))}


def search_certificates(query: Query, *, scope: Scope, on: date) -> Found[CertificateFacts]:
    """Return the documents a scope sees that are meant by what was typed, with their status on a day."""
    found = searching.found(query, scope=scope)
    held = certificates(found.hits, on=on) if found.hits else {}
    return found.of([held[key] for key in found.hits if key in held])


def of_instrument(instrument_id: UUID, *, on: date, most: int = 50) -> tuple[CertificateFacts, ...]:
    """Return the documents of an instrument, newest measurement first."""
    rows = _rows().filter(instrument_id=instrument_id).order_by("-performed_on", "-id")
    return tuple(_facts(row, on) for row in rows[:most])


def of_case(case_id: UUID, *, on: date) -> tuple[CertificateFacts, ...]:
    """Return all documents of a case in the order of their issue, those revoked and replaced too."""
    return tuple(_facts(row, on) for row in _rows().filter(case_id=case_id).order_by("issued_at", "id"))


def current_of(instrument_ids: Iterable[UUID], *, on: date) -> dict[UUID, CertificateFacts]:
    """Return the newest document of each instrument that was not superseded, in one query."""
    rows = (
        _rows()
        .filter(instrument_id__in=list(instrument_ids), superseded_by__isnull=True)
        .order_by("instrument_id", "-performed_on", "-id")
        .distinct("instrument_id")
    )
    return {row.instrument_id: _facts(row, on) for row in rows}


def is_verified_since(document: CertificateFacts) -> bool:
    """Tell whether the instrument of a document was verified on a later day; reads one entry of an index."""
    later = Certificate.objects.filter(instrument_id=document.instrument_id, performed_on__gt=document.performed_on)
    return later.exists()


def check(code: str, *, on: date) -> CheckFacts:
    """Return the answer to a public code: of a certificate, or of an instrument (its newest document).

    The answer is the same for a code that does not exist and for one that may not be shown.
    """
    wanted = code.upper()
    if not is_lookup_code(wanted):
        return UNKNOWN
    with scoped(Scope(lookup=wanted)):
        opened = _opened_by(wanted)
    if opened is None:
        return UNKNOWN
    # The code opens this one document; that another replaced it is told with it, though the code does not open that.
    with scoped(EVERYTHING):
        row = _rows().get(pk=opened)
        if row.statement_id is None:
            return CheckFacts(rules.NEVER_ISSUED, _facts(row, on))
        said = log.statement(row.statement_id)
        try:
            told = signed.read_signed(said)
        except ProofError:
            return CheckFacts("mismatch")
    if signed.differing(row, told):
        return CheckFacts("mismatch")
    found = replace(_facts(row, on), facts=told.facts)
    waits = not said.is_proved and found.status in rules.STANDING
    return CheckFacts("pending" if waits else found.status, found, said.index)


def _opened_by(code: str) -> UUID | None:
    own = Certificate.objects.filter(code=code)
    newest = Certificate.objects.filter(instrument_code=code, superseded_by__isnull=True)
    return (
        own.values_list("id", flat=True).first()
        or newest.order_by("-performed_on", "-id").values_list("id", flat=True).first()
    )


def bundle(certificate_id: UUID, *, on: date) -> bytes:
    """Return the file with which anyone proves a certificate off line.

    Raises: Hidden when it is not visible; StateError while it is not yet in the log.
    """
    found = certificate(certificate_id, on=on)
    with scoped(EVERYTHING):
        said = log.statement(found.statement_id)
        cited = _cited(said.payload)
        speakers = log.speakers(cited) | {found.body_id}
        own, *others = log.logged([said.id, *log.statements_at(cited), *log.key_statements(sorted(speakers))])
        return make_bundle(
            {
                "dcc.xml": files.content_of(found.dcc_sha256),
                "certificate.pdf": files.content_of(found.pdf_sha256),
                "record.json": files.content_of(found.record_sha256),
            },
            own,
            keys=others,
            status=status.newest(),
        )


def _cited(payload: bytes) -> list[int]:
    told = cast("dict[str, Any]", statements.read_payload(payload))  # Any: JSON this room wrote itself
    authz = told["authz"]
    return [authz["qualification"], authz["scope"], *authz["standard"], *told["evidence"]]


def unlogged_supersessions() -> list[UUID]:
    """Return the replacements that a signed checkpoint covers and whose supersession is not logged yet."""
    rows = Certificate.objects.filter(supersedes__isnull=False).exclude(supersedes__statusevent__kind="superseded")
    rows = rows.filter(statement__isnull=False)
    waiting = {key: said for key, said in rows.order_by("id").values_list("id", "statement_id")[:100] if said}
    places, size = log.indices_of(waiting.values()), log.published_size()
    return [key for key, statement_id in waiting.items() if places.get(statement_id, size) < size]


def list_of_certificates(on: date) -> ListSpec:
    """Return the list of certificates and notices; each row brings the document whole, as `document`."""

    def whole(rows: Sequence[Row]) -> Mapping[UUID, Row]:
        found = certificates([row["id"] for row in rows], on=on)
        return {key: {"document": each, "status": each.status} for key, each in found.items()}

    return lists.certificates(Joined(("document", "status"), whole), on=on)


def list_of_instruments(on: date) -> ListSpec:
    """Return the list of instruments with what their newest documents say; each row brings it whole, as `document`."""

    def newest(rows: Sequence[Row]) -> Mapping[UUID, Row]:
        ids = [row["id"] for row in rows]
        found = current_of(ids, on=on)
        return {
            row["id"]: {
                "document": (each := found.get(row["id"])),
                "certificate": each.number if each else None,
                "performed_on": each.performed_on if each else None,
                "valid_until": each.valid_until if each else None,
            }
            for row in rows
        }

    return lists.instruments(Joined(("document", "certificate", "performed_on", "valid_until"), newest))


def _rows() -> QuerySet[Certificate]:
    return Certificate.objects.select_related("superseded_by").prefetch_related("statusevent_set")


def _facts(row: Certificate, on: date) -> CertificateFacts:
    return facts(row, row.statusevent_set.all(), on=on, replacement=getattr(row, "superseded_by", None))


def facts(
    row: Certificate, changes: Iterable[StatusEvent], *, on: date, replacement: Certificate | None = None
) -> CertificateFacts:
    """Return the value of a row with the changes of its status and what replaced it."""
    events = sorted(changes, key=lambda event: event.at)
    kinds = [event.kind for event in events] + (["superseded"] if replacement else [])
    return CertificateFacts(
        id=row.id,
        number=row.number,
        kind=row.kind,
        code=row.code,
        instrument_id=row.instrument_id,
        case_id=row.case_id,
        owner_id=row.owner_id,
        body_id=row.body_id,
        region_code=row.region_code,
        performed_on=row.performed_on,
        valid_until=row.valid_until,
        issued_at=row.issued_at,
        facts=row.facts,
        dcc_sha256=row.dcc_sha256,
        pdf_sha256=row.pdf_sha256,
        record_sha256=row.record_sha256,
        said=row.statement_id,
        status=rules.NEVER_ISSUED
        if row.is_load_test
        else rules.status_on(on, kind=row.kind, valid_until=row.valid_until, events=kinds),
        events=tuple(StatusFacts(event.kind, event.reason_code, event.reason, event.at) for event in events),
        replaced_by=replacement.number if replacement else "",
        replaced_by_code=replacement.code if replacement else "",
    )


def audit() -> tuple[int, list[Text]]:
    """Recompute every file and number; returns how many documents there are and a sentence for each fault."""
    return auditing.count(), list(auditing.faults())


def audit_outcomes() -> tuple[int, list[Text]]:
    """Recompute every outcome document and its number; returns how many there are and a sentence for each fault."""
    return outcome_reads.count(), list(outcome_reads.faults())


def has_load_test_rows() -> bool:
    """Tell whether any row of a load test is visible to the scope; reads one entry of an index."""
    return Certificate.objects.filter(number__gte="LT-", number__lt="LT.").exists()


def load_test_rows() -> int:
    """Return how many rows of a load test stand beside the certificates: no documents, so that no audit counts them."""
    return auditing.count_of_load_test()
