"""Reads of outcome documents: those of a case, the public check, files and bundle, the audit.

What a stranger is shown is what was signed, read from the record that the published leaf names; the columns are a copy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from plumbline.domain.certificates import rules, status
from plumbline.domain.certificates.models import Outcome, OutcomeEvent
from plumbline.domain.certificates.types_outcome import OutcomeCheck, OutcomeEventFacts, OutcomeFacts
from plumbline.domain.files import queries as files
from plumbline.domain.ledger import queries as log
from plumbline.domain.ledger.types import StatementFacts
from plumbline.domain.rows.codes import is_lookup_code
from plumbline.domain.rows.scope import EVERYTHING, Scope, scoped
from plumbline.errors import Hidden, PlumblineError, ProofError, Text, say
from plumbline.evidence import statement as statements
from plumbline.evidence.bundle import make_bundle
from plumbline.evidence.canonical import Json, parse_strict
from plumbline.evidence.document.outcome import PDF, RECORD

UNKNOWN = OutcomeCheck("unknown")
STATEMENTS = ("document.superseded", "document.suspended", "document.reinstated", "document.revoked")
BATCH = 500


def no_such_outcome() -> Hidden:
    """Return the one answer for a document that does not exist and for one that is not yours to see."""
    return Hidden(say("没有这份文件，或者您无权查看"), remedy=say("核对文件编号，或换用有权的账号"))


def of_id(outcome_id: UUID, *, on: date) -> OutcomeFacts:
    """Return a document with its status on a day. Raises: Hidden when it is not visible to the scope."""
    return _facts(_one(Q(pk=outcome_id)), on)


def of_number(number: str, *, on: date) -> OutcomeFacts:
    """Return a document by its number. Raises: Hidden as `of_id`."""
    return _facts(_one(Q(number=number)), on)


def of_case(case_id: UUID, *, on: date) -> tuple[OutcomeFacts, ...]:
    """Return all documents of a case in the order of their issue, ended ones too."""
    return tuple(_facts(row, on) for row in _rows().filter(case_id=case_id).order_by("issued_at", "id"))


def standing(case_id: UUID, name: str) -> Outcome | None:
    """Return the document of a case that was neither superseded nor revoked."""
    rows = Outcome.objects.filter(case_id=case_id, name=name)
    return rows.exclude(outcomeevent__kind__in=["superseded", "revoked"]).order_by("-issued_at", "-id").first()


def kinds_of(row: Outcome) -> list[str]:
    """Return what happened to a document, in order."""
    return list(row.outcomeevent_set.order_by("at", "id").values_list("kind", flat=True))


def check(code: str, *, on: date) -> OutcomeCheck:
    """Return the answer to a public code; the same for one that does not exist and one that may not be shown."""
    wanted = code.upper()
    if not is_lookup_code(wanted):
        return UNKNOWN
    with scoped(Scope(lookup=wanted)):
        opened = Outcome.objects.filter(code=wanted).values_list("id", flat=True).first()
    if opened is None:
        return UNKNOWN
    with scoped(EVERYTHING):
        row = _rows().get(pk=opened)
        said = log.statement(row.statement_id)
        if list(disagreements(row, said)):
            return OutcomeCheck("mismatch")
    found = _facts(row, on)
    waits = not said.is_proved and found.status in {"valid", "due"}
    return OutcomeCheck("pending" if waits else found.status, found, said.index)


def content_of(document: OutcomeFacts, name: str) -> bytes:
    """Return one file of a document. Raises: ProofError when the bytes were changed."""
    return files.content_of({RECORD: document.record_sha256, PDF: document.pdf_sha256}[name])


def bundle(outcome_id: UUID, *, on: date) -> bytes:
    """Return the file with which anyone proves a document off line.

    Raises: Hidden when it is not visible; StateError while it is not yet in the log.
    """
    found = of_id(outcome_id, on=on)
    with scoped(EVERYTHING):
        own, *others = log.logged([found.statement_id, *log.key_statements([found.body_id])])
        named = {name: content_of(found, name) for name in (RECORD, PDF)}
        return make_bundle(named, own, keys=others, status=status.newest())


def disagreements(row: Outcome, said: StatementFacts) -> Iterator[Text]:
    """Yield a sentence for each thing a row says otherwise than what was signed, or was changed since."""
    try:
        payload = statements.read_payload(said.payload)
        if said.is_proved and log.published_leaf(said.index or 0) != statements.leaf_bytes(said.payload, said.envelope):
            raise ProofError(say("陈述与公布的日志第 {place} 条不符", place=said.index), remedy=say("运行日志审计"))
        record = files.content_of(_named(payload)[RECORD])
    except PlumblineError as err:
        yield say("文件 {number} 不符：{reason}", number=row.number, reason=err.what)
        return
    for name, (stored, told) in _compared(row, payload, record=record).items():
        if stored != told:
            yield say("文件 {number} 的“{column}”与签名的内容不符", number=row.number, column=name)


def _compared(row: Outcome, payload: Mapping[str, Json], *, record: bytes) -> dict[str, tuple[object, object]]:
    until = row.valid_until.isoformat() if row.valid_until else None
    return {
        "number": (row.number, payload["doc_no"]),
        "kind": (row.kind, payload["kind"]),
        "code": (row.code, row.facts.get("code")),
        "granted_on": (row.granted_on.isoformat(), payload["granted_on"]),
        "valid_until": (until, payload["valid_until"]),
        "issued_at": (row.issued_at.replace(microsecond=0), datetime.fromisoformat(str(payload["issued_at"]))),
        "files": ({RECORD: row.record_sha256, PDF: row.pdf_sha256}, _named(payload)),
        "facts": (row.facts, parse_strict(record, statements.MAX_PAYLOAD_BYTES)),
    }


def _named(payload: Mapping[str, Json]) -> dict[str, str]:
    entries = payload["files"]
    rows = [each for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []
    return {str(each["name"]): str(each["sha256"]) for each in rows}


def count() -> int:
    """Return how many documents there are to look at."""
    with scoped(EVERYTHING):
        return Outcome.objects.count()


def faults() -> Iterator[Text]:
    """Yield a sentence for each document whose files, statement or number do not agree, and for each lost event."""
    with scoped(EVERYTHING):
        series = Outcome.objects.values("body_id", "kind", "year").annotate(count=Count("id"), last=Max("serial"))
        for gap in series.order_by():
            if gap["count"] != gap["last"]:
                yield say("{year} 年的 {kind} 文件有 {count} 份，最后一号却是 {last}",
                          year=gap["year"], kind=gap["kind"], count=gap["count"], last=gap["last"])  # fmt: skip
        rows = Outcome.objects.order_by("id").iterator(BATCH)
        while batch := list(islice(rows, BATCH)):
            told = log.statements(row.statement_id for row in batch)
            for row in batch:
                yield from disagreements(row, told[row.statement_id])
                yield from _faulty_pdf(row)
        shown = set(OutcomeEvent.objects.values_list("statement_id", flat=True))
        for statement_id in log.statements_of_type(*STATEMENTS):
            if statement_id not in shown:
                yield say("陈述 {id} 改变了一份文件的状态，文件却没有显示", id=statement_id)


def _faulty_pdf(row: Outcome) -> Iterator[Text]:
    try:
        content = files.content_of(row.pdf_sha256)
    except PlumblineError as err:
        yield say("文件 {number} 不符：{reason}", number=row.number, reason=err.what)
        return
    if hashlib.sha256(content).hexdigest() != row.pdf_sha256:
        yield say("文件 {number} 的 {name} 与陈述不符", number=row.number, name=PDF)


def _one(wanted: Q) -> Outcome:
    row = _rows().filter(wanted).first()
    if row is None:
        raise no_such_outcome()
    return row


def _rows() -> QuerySet[Outcome]:
    return Outcome.objects.select_related("superseded_by").prefetch_related("outcomeevent_set")


def _facts(row: Outcome, on: date) -> OutcomeFacts:
    found = facts(row, row.outcomeevent_set.all(), on=on)
    newer = getattr(row, "superseded_by", None)
    return replace(found, replaced_by=newer.number, replaced_by_code=newer.code) if newer else found


def facts(row: Outcome, changes: Iterable[OutcomeEvent], *, on: date) -> OutcomeFacts:
    """Return the value of a row with the changes of its status."""
    events = sorted(changes, key=lambda event: (event.at, event.id))
    return OutcomeFacts(
        id=row.id,
        number=row.number,
        code=row.code,
        procedure=row.procedure,
        edition=row.edition,
        name=row.name,
        case_id=row.case_id,
        owner_id=row.owner_id,
        body_id=row.body_id,
        region_code=row.region_code,
        granted_on=row.granted_on,
        valid_until=row.valid_until,
        issued_at=row.issued_at,
        facts=row.facts,
        record_sha256=row.record_sha256,
        pdf_sha256=row.pdf_sha256,
        statement_id=row.statement_id,
        status=rules.outcome_status(on, valid_until=row.valid_until, events=[event.kind for event in events]),
        events=tuple(OutcomeEventFacts(event.kind, event.act, event.at) for event in events),
    )
