"""Values of outcome documents handed in and out of certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from plumbline.evidence.document.outcome import Outcome as Content


@dataclass(frozen=True)
class OutcomeDraft:
    """A document before it has a number. name: as the procedure calls it; sequence: of the act that issues it.

    content: all it says; number, look-up code, and what it replaces are filled in by `issue`.
    """

    name: str
    case_id: UUID
    sequence: int
    act: str
    owner_id: UUID
    body_id: UUID
    region_code: str
    content: Content


@dataclass(frozen=True)
class OutcomeChange:
    """What becomes of a document by an act of its case. kind: suspended, reinstated, revoked, or superseded by another
    one of that number; act: by its name."""

    case_id: UUID
    name: str
    kind: str
    act: str
    by: str = ""


@dataclass(frozen=True)
class OutcomeEventFacts:
    """What happened to a document after it was issued, and by which act of its case."""

    kind: str
    act: str
    at: datetime


@dataclass(frozen=True)
class OutcomeFacts:
    """One issued outcome document. `status` as of the day asked: valid, due, suspended, revoked, superseded.

    facts: its record, as `evidence.document.outcome` lays it out.
    """

    id: UUID
    number: str
    code: str
    procedure: str
    edition: str
    name: str
    case_id: UUID
    owner_id: UUID
    body_id: UUID
    region_code: str
    granted_on: date
    valid_until: date | None
    issued_at: datetime
    facts: Mapping[str, object]
    record_sha256: str
    pdf_sha256: str
    statement_id: UUID
    status: str
    events: Sequence[OutcomeEventFacts] = field(default_factory=tuple)
    replaced_by: str = ""
    replaced_by_code: str = ""


@dataclass(frozen=True)
class OutcomeCheck:
    """The answer to a public look-up: unknown; pending while it is not in the log; mismatch where what is stored is not
    what was signed (then nothing of it is shown); else the status."""

    verdict: str
    document: OutcomeFacts | None = None
    logged_index: int | None = None
