"""Values handed in and out of certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from plumbline.evidence.document.content import CertificateContent

ENDED = ("revoked", "superseded")


@dataclass(frozen=True)
class Authority:
    """Logged statements a certificate stands on: the officer's qualification, the scope, the standards, the record."""

    officer_id: UUID
    qualification: UUID
    scope: UUID
    standards: tuple[UUID, ...]
    measurement: UUID


@dataclass(frozen=True)
class Draft:
    """Everything of a certificate before it has a number."""

    origin_id: UUID
    case_id: UUID
    instrument_id: UUID
    instrument_code: str
    owner_id: UUID
    body_id: UUID
    body_code: str
    region_code: str
    content: CertificateContent
    record: bytes
    authority: Authority
    supersedes: UUID | None = None


@dataclass(frozen=True)
class Revocation:
    """Why a certificate is revoked, and the key of the request that asks for it."""

    reason_code: str
    reason: str
    request_id: UUID


@dataclass(frozen=True)
class StatusFacts:
    """What happened to a certificate after it was issued."""

    kind: str
    reason_code: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class CertificateFacts:
    """One issued document. `status` is one of valid, due, failed, revoked, superseded as of the day asked."""

    id: UUID
    number: str
    kind: str
    code: str
    instrument_id: UUID
    case_id: UUID
    owner_id: UUID
    body_id: UUID
    region_code: str
    performed_on: date
    valid_until: date | None
    issued_at: datetime
    facts: Mapping[str, object]
    dcc_sha256: str
    pdf_sha256: str
    record_sha256: str
    statement_id: UUID
    status: str
    events: Sequence[StatusFacts] = field(default_factory=tuple)
    replaced_by: str = ""
    replaced_by_code: str = ""

    @property
    def is_ended(self) -> bool:
        """Tell whether the document was revoked or replaced."""
        return self.status in ENDED


@dataclass(frozen=True)
class CheckFacts:
    """The answer to a public look-up.

    verdict: valid, due, failed, revoked, superseded; unknown; pending while it is not in the log; mismatch where what
    is stored is not what was signed (then nothing of it is shown).
    """

    verdict: str
    certificate: CertificateFacts | None = None
    logged_index: int | None = None
