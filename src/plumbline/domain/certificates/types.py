"""Values handed in and out of certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from plumbline.domain.certificates.types_outcome import (
    OutcomeChange,
    OutcomeCheck,
    OutcomeDraft,
    OutcomeEventFacts,
    OutcomeFacts,
)
from plumbline.errors import StateError, say
from plumbline.evidence.document.content import CertificateContent

__all__ = [
    "ENDED", "Authority", "CertificateFacts", "CheckFacts", "Draft", "LoadTestRow", "OutcomeChange", "OutcomeCheck",
    "OutcomeDraft", "OutcomeEventFacts", "OutcomeFacts", "Revocation", "StatusFacts", "never_issued",
]  # fmt: skip
ENDED = ("revoked", "superseded")


def never_issued(number: str) -> StateError:
    """Return the answer to whoever asks for what only an issued document has."""
    return StateError(
        say("{number} 是压力测试行，没有文件", number=number),
        remedy=say("它没有签发过，不能作依据，也不能撤销或更换"),
    )


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
    """Everything of a certificate before it has a number. assurance: how it was known who issues it, filled in by
    `issue`.
    """

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
    assurance: str = ""


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
    """One issued document. `status` is one of valid, due, failed, revoked, superseded as of the day asked.

    A load-test row has the status load_test whatever the day: it was never issued, and no statement says it.
    """

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
    said: UUID | None
    status: str
    events: Sequence[StatusFacts] = field(default_factory=tuple)
    replaced_by: str = ""
    replaced_by_code: str = ""

    @property
    def is_ended(self) -> bool:
        """Tell whether the document was revoked or replaced."""
        return self.status in ENDED

    @property
    def can_end(self) -> bool:
        """Tell whether there is a standing document to revoke or replace."""
        return not self.is_ended and not self.is_load_test

    @property
    def is_load_test(self) -> bool:
        """Tell whether this is no document at all, but a row of a load test."""
        return self.said is None

    @property
    def statement_id(self) -> UUID:
        """The signed statement that issued it. Raises: StateError for a load-test row, which none did."""
        if self.said is None:
            raise never_issued(self.number)
        return self.said


@dataclass(frozen=True)
class CheckFacts:
    """The answer to a public look-up.

    verdict: valid, due, failed, revoked, superseded; unknown; load_test for a row that was never issued;
    pending while it is not in the log; mismatch where what is stored is not what was signed (then nothing of it is
    shown).
    """

    verdict: str
    certificate: CertificateFacts | None = None
    logged_index: int | None = None


class LoadTestRow(NamedTuple):
    """What a load test puts beside the certificates: a row with all a list shows, and nothing a document has."""

    id: str
    origin_id: str
    number: str
    serial: int
    year: int
    kind: str
    code: str
    instrument_id: str
    instrument_code: str
    case_id: str
    owner_id: str
    body_id: str
    region_code: str
    performed_on: str
    valid_until: str | None
    issued_at: str
    facts: str
    dcc_sha256: str
    pdf_sha256: str
    record_sha256: str
    is_load_test: str
