"""Writes of outcome documents: issued by an act of a case, replaced, suspended, reinstated, revoked by later ones.

Number, record, PDF, statement and queue row commit with the act or not at all. Who may act was asked by the procedure.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from plumbline.domain.accounts.types import Actor
from plumbline.domain.certificates import outcome_reads, rules
from plumbline.domain.certificates.models import Outcome, OutcomeEvent
from plumbline.domain.certificates.types_outcome import OutcomeChange, OutcomeDraft, OutcomeFacts
from plumbline.domain.credentials import queries as credentials
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.domain.files import actions as files
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal.types import NewAct, Subject
from plumbline.domain.ledger import actions as ledger
from plumbline.domain.ledger import queries as log
from plumbline.domain.ledger.types import SEAL_LIFE, NewStatement
from plumbline.domain.rows.codes import new_lookup_code
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.evidence.canonical import Json, parse_strict
from plumbline.evidence.document.outcome import PDF, RECORD, holder_of, record_of, render_outcome
from plumbline.evidence.document.outcome import Outcome as Content
from plumbline.evidence.statement import MAX_PAYLOAD_BYTES, FileEntry, instant
from plumbline.rulebook.calendar import legal_day

ISSUE, END = "document.issue", "document.end"
"""What asks for a fresh proof of who acts, see `rulebook.signing`."""
_NEXT_SERIAL = """
    insert into certificates_outcomeseries (institution_id, kind, year, last) values (%s, %s, %s, 1)
    on conflict (institution_id, kind, year) do update set last = certificates_outcomeseries.last + 1 returning last
"""


@transaction.atomic
def issue(actor: Actor, draft: OutcomeDraft, *, at: datetime) -> OutcomeFacts:
    """Issue a document; one of its name that the case has and that still stands is superseded by it.

    Raises: Unconfirmed without a fresh proof; StateError if what it replaces is not in the log yet; InputError for
    characters the fonts lack.
    """
    credentials.require_fresh(actor, ISSUE, at=at)
    with scoped(EVERYTHING):
        house = directory.organisation(draft.body_id)
        _require_seal(house, at=at)
        old = outcome_reads.standing(draft.case_id, draft.name)
        year = legal_day(at).year
        serial = _take_serial(house, draft.content.kind, year=year)
        content = replace(
            draft.content,
            number=rules.number_of(_issuer(house), draft.content.kind, year=year, serial=serial),
            body_code=_issuer(house),
            lookup_code=new_lookup_code(),
            supersedes=old.number if old else "",
            demo=house.is_demo,
        )
        row = _row(draft, content, year=year, serial=serial, old=old)
        row.issued_at = at
        _seal(actor, row, content=content, old=old, at=at)
        row.save(force_insert=True)
        told = {"number": row.number, "assurance": actor.assurance.told}
        _tell_journal(actor, row, act=NewAct("document.issue", told, sequence=1), at=at)
        if old:
            replaced = OutcomeChange(draft.case_id, draft.name, "superseded", draft.act, by=row.number)
            _log_event(actor, old, change=replaced, at=at)
        return outcome_reads.facts(row, (), on=row.granted_on)


@transaction.atomic
def change(actor: Actor, wanted: OutcomeChange, *, at: datetime) -> None:
    """Suspend, reinstate or revoke the document a case has issued, by a new logged statement.

    Nothing is said where nothing changes: no document stands, or it is so already.
    Raises: Unconfirmed without a fresh proof; StateError while the document is not in the log yet.
    """
    with scoped(EVERYTHING):
        row = outcome_reads.standing(wanted.case_id, wanted.name)
        if row is None or not rules.is_change(wanted.kind, outcome_reads.kinds_of(row)):
            return
        credentials.require_fresh(actor, END, at=at)
        _log_event(actor, row, change=wanted, at=at)


def _issuer(house: OrganisationFacts) -> str:
    """Return in which name a house signs: its code as an institution, else its credit code."""
    return house.institution_code or house.uscc


def _require_seal(house: OrganisationFacts, *, at: datetime) -> None:
    """Have the log announce the seal of a house before its first use, and again when its days are over."""
    day = legal_day(at)
    if log.has_seal(_issuer(house), house.id, on=day):
        return
    span = (day, day + SEAL_LIFE)
    ledger.announce_key(_issuer(house), organisation_id=house.id, span=span, demo=house.is_demo, at=at)


def _take_serial(house: OrganisationFacts, kind: str, *, year: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_SERIAL, [house.id, kind, year])
        return int((cursor.fetchone() or (0,))[0])


def _row(draft: OutcomeDraft, content: Content, *, year: int, serial: int, old: Outcome | None) -> Outcome:
    return Outcome(
        number=content.number,
        kind=content.kind,
        year=year,
        serial=serial,
        code=content.lookup_code,
        procedure=content.procedure_id,
        edition=content.edition,
        name=draft.name,
        case_id=draft.case_id,
        sequence=draft.sequence,
        owner_id=draft.owner_id,
        body_id=draft.body_id,
        region_code=draft.region_code,
        granted_on=content.granted_on,
        valid_until=content.valid_until,
        supersedes=old,
    )


def _seal(actor: Actor, row: Outcome, *, content: Content, old: Outcome | None, at: datetime) -> None:
    """Make record and PDF, keep them, and have the house say so in the log; fills in the row."""
    record = record_of(content)
    url = f"{settings.PLUMBLINE_BASE_URL}/C/{content.lookup_code}"
    pdf = render_outcome(content, lookup_url=url, font_dir=Path(settings.PLUMBLINE_FONT_DIR), at=at)
    row.record_sha256, row.pdf_sha256 = files.keep([(record, "application/json"), (pdf, "application/pdf")])
    row.facts = parse_strict(record, MAX_PAYLOAD_BYTES)
    entries = [
        FileEntry.of(RECORD, "application/json", data=record),
        FileEntry.of(PDF, "application/pdf", data=pdf),
    ]
    fields: dict[str, Json] = {
        "doc_no": content.number,
        "kind": content.kind,
        "holder": holder_of(content),
        "granted_on": content.granted_on.isoformat(),
        "valid_until": content.valid_until.isoformat() if content.valid_until else None,
        "issued_at": instant(at),
        "files": [entry.fields() for entry in entries],
        "authz": {
            "officer": str(actor.person_id),
            "approval": {"kind": "session", "assurance": actor.assurance.by},
        },
        "supersedes": log.proved_index(old.statement_id) if old else None,
    }
    said = NewStatement("document.issued", content.body_code, fields, row.body_id, content.demo)
    row.statement_id = ledger.submit(said, at=at).id


def _log_event(actor: Actor, row: Outcome, *, change: OutcomeChange, at: datetime) -> None:
    """Log what becomes of a document, in the name of who issued it."""
    fields: dict[str, Json] = {"ref": log.proved_index(row.statement_id), "doc_no": row.number, "reason": change.act}
    fields |= {"by": change.by} if change.by else {}
    kind, issuer = f"document.{change.kind}", log.statement(row.statement_id).issuer
    said = NewStatement(kind, issuer, fields, row.body_id, row.facts.get("demo") is True)
    statement = ledger.submit(said, at=at)
    OutcomeEvent.objects.create(outcome=row, kind=change.kind, act=change.act, at=at, statement_id=statement.id)
    data = {"by": change.act, "assurance": actor.assurance.told}
    _tell_journal(actor, row, act=NewAct(kind, data), at=at)


def _tell_journal(actor: Actor, row: Outcome, *, act: NewAct, at: datetime) -> None:
    journal.append(actor, Subject("document", row.id, row.owner_id, row.body_id, row.region_code), act=act, at=at)
